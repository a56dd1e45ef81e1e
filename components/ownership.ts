/** Whose a resource is: becomes tags on DigitalOcean and labels on Kubernetes, by which cost is split. */
export interface Ownership {
  /** Which environment it is of. @example "staging" */
  readonly environment: string;
  /** The team that answers for it. @example "platform" */
  readonly owner: string;
  /** Who pays. @example "transcription" */
  readonly costCentre: string;
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
