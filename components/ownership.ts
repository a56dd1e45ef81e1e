/** Whose a resource is: becomes tags on DigitalOcean and labels on Kubernetes, by which cost is split. */
export interface Ownership {
  /** `staging` or `production`. */
  readonly environment: string;
  /** The team that answers for it, e.g. `platform`. */
  readonly owner: string;
  /** Who pays, e.g. `transcription`. */
  readonly costCentre: string;
}

/** Minutes, hours or days, such as `5m`. */
type Duration = `${number}${"m" | "h" | "d"}`;

/** How a store can be got back. */
export interface StoreDeclaration {
  /** What kind of store it is. */
  readonly store: "postgres" | "valkey" | "objects" | "volume";
  /** Who keeps copies of it: DigitalOcean each day, older versions of each object, or nobody. */
  readonly backup: "managed-daily" | "versions" | "none";
  /** How much may be lost at worst: what was written in this time (`5m`), or `everything`. */
  readonly recoveryPoint: Duration | "everything";
  /** How far back one can go; absent when there is no backup. */
  readonly retention?: Duration;
}

/**
 * Tags of a DigitalOcean resource, sorted, so that the order never shows as a difference.
 *
 * @param component Which part of the platform it is, e.g. `postgres`.
 * @param more Further tags, `key:value`.
 */
export function tagsOf(ownership: Ownership, component: string, more: readonly string[] = []): string[] {
  return [
    `environment:${ownership.environment}`,
    `component:${component}`,
    `owner:${ownership.owner}`,
    `cost-centre:${ownership.costCentre}`,
    ...more,
  ].sort();
}

/** The tags by which a store declares itself and its backup, where a rule can see them. */
export function storeTags({ store, backup, recoveryPoint, retention }: StoreDeclaration): string[] {
  return [
    `store:${store}`,
    `backup:${backup}`,
    `recovery-point:${recoveryPoint}`,
    ...(retention === undefined ? [] : [`backup-retention:${retention}`]),
  ];
}

/** Labels of a Kubernetes resource: Kubernetes' recommended ones, and whose it is. */
export function labelsOf(ownership: Ownership, component: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": component,
    "app.kubernetes.io/part-of": "whisper-platform",
    "app.kubernetes.io/managed-by": "pulumi",
    "whisper.platform/environment": ownership.environment,
    "whisper.platform/owner": ownership.owner,
    "whisper.platform/cost-centre": ownership.costCentre,
  };
}
