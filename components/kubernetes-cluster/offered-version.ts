import * as pulumi from "@pulumi/pulumi";

/**
 * The newest release of a minor version of Kubernetes that DigitalOcean offers.
 *
 * @param minorVersion Such as `1.36`.
 * @param ask Asks DigitalOcean; it is the first question of a run, so credentials at fault show here.
 * @throws RunError, which Pulumi prints without a stack trace, when there is no answer
 */
export async function newestOffered(
  minorVersion: string,
  ask: () => Promise<{ readonly latestVersion: string }>,
): Promise<string> {
  try {
    return (await ask()).latestVersion;
  } catch (error) {
    // The engine is ending, and says itself why: a plugin cannot be had, or the run is interrupted.
    if (error instanceof Error && pulumi.isGrpcError(error)) throw error;
    const reason = error instanceof Error ? error.message.trim() : String(error);
    throw new pulumi.RunError(
      `DigitalOcean does not say which releases of Kubernetes ${minorVersion} it offers: ${reason}\n` +
        "Set DIGITALOCEAN_TOKEN to a token of the account, and see that its API can be reached.",
    );
  }
}
