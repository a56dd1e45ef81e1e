import type { SandboxClient } from "../../sandbox/daemon/client.ts";

/**
 * Tells, before anything else fails for it, which of the sandbox's clusters cannot be started, and why: all that lives
 * in such a cluster could only say that nobody answers.
 */
export async function tellClusterFaults(
  client: Pick<SandboxClient, "status">,
  say: (line: string) => void,
): Promise<void> {
  const { clusters, stores } = await client.status();
  for (const { name, status, message } of [...clusters, ...stores]) {
    if (status === "error")
      say(`The cluster ${name} does not run. ${message ?? "The sandbox's log says why."}`);
  }
}
