/** Minutes, hours or days, such as `5m`. */
export type Duration = `${number}${"m" | "h" | "d"}`;

export const durationPattern = /^\d+[mhd]$/;

/** What those who need a store can bear when it is lost. */
export interface RecoveryNeed {
  /** How much may be lost at worst: what was written in this time (`5m`), or `everything`. */
  readonly point: Duration | "everything";
  /** How long they can do without it until it is back, with what was saved. */
  readonly time: Duration;
}

/**
 * What a store says of itself on its own resources, where rules and backups can read it before anything has an id: as
 * tags on DigitalOcean, as labels on Kubernetes, and as the input `store` of its component where the resource takes
 * neither, as buckets and registries do.
 */
export interface StoreDeclaration {
  /** What kind of store it is. */
  readonly store: "postgres" | "valkey" | "neo4j" | "objects" | "images" | "volume";
  /**
   * Who keeps copies of it: DigitalOcean each day, the store itself by older versions of each object, which undo a mistake and
   * go when the store does, or nobody.
   */
  readonly backup: "managed-daily" | "versions" | "none";
  /** What those who need it can bear. Of what nobody copies to another place they must bear the loss of everything. */
  readonly recovery: RecoveryNeed;
  /** How far back one can go; absent when there is no backup. */
  readonly retention?: Duration;
}

/** The facts of a declaration by their names. */
function factsOf({ store, backup, recovery, retention }: StoreDeclaration): [name: string, value: string][] {
  return [
    ["store", store],
    ["backup", backup],
    ["recovery-point", recovery.point],
    ["recovery-time", recovery.time],
    ...(retention === undefined ? [] : [["backup-retention", retention] satisfies [string, string]]),
  ];
}

/** The tags by which a store on DigitalOcean declares itself. */
export const storeTags = (declaration: StoreDeclaration): string[] =>
  factsOf(declaration).map(([name, value]) => `${name}:${value}`);

/** The labels by which a store on Kubernetes declares itself. */
export const storeLabels = (declaration: StoreDeclaration): Record<string, string> =>
  Object.fromEntries(factsOf(declaration).map(([name, value]) => [`whisper.platform/${name}`, value]));
