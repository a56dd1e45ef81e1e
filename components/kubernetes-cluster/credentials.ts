/** What is needed to speak to a cluster, as DigitalOcean hands it out. */
export interface ClusterCredentials {
  /** Kubeconfig that holds a token. */
  readonly rawConfig: string;
  /** When the token ends (ISO 8601). */
  readonly expiresAt: string;
}

/** A token with less than this left is not begun with: an `up` must be able to finish. */
const shortestRemainderMs = 24 * 60 * 60 * 1000;

/**
 * Whether credentials can still be used. DigitalOcean draws a new token at every question and each ends after
 * a week: asking always would change the provider in every preview, asking never would lock the eighth day out.
 */
export function stillGood({ rawConfig, expiresAt }: ClusterCredentials, nowMs: number): boolean {
  return rawConfig !== "" && Date.parse(expiresAt) - nowMs > shortestRemainderMs;
}
