import * as pulumi from "@pulumi/pulumi";

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

/** Credentials as a resource or a function gives them. Nothing where nobody waited until the cluster was ready. */
type Given = readonly ClusterCredentials[] | null | undefined;

/**
 * The kubeconfig to reach a cluster with: the recorded one as long as it can be used, then a new one.
 *
 * @param ask Asks DigitalOcean.
 * @throws RunError, which Pulumi prints without a stack trace, when a run was interrupted while the cluster was made, and
 * there is none yet. None at all would be worse: a provider without one takes what the operator's own shell points to.
 */
export async function usableKubeconfig(
  clusterName: string,
  recorded: Given,
  ask: () => Promise<{ readonly kubeConfigs: Given }>,
): Promise<string> {
  const known = recorded?.[0];
  if (known !== undefined && stillGood(known, Date.now())) return known.rawConfig;
  const fresh = (await ask()).kubeConfigs?.[0]?.rawConfig;
  if (fresh) return fresh;
  throw new pulumi.RunError(
    `The Kubernetes cluster ${clusterName} has no kubeconfig yet: a run was interrupted while it was made.\n` +
      "Run this again in a few minutes, when DigitalOcean shows it as running.",
  );
}
