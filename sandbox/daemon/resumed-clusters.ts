import { setTimeout as delay } from "node:timers/promises";
import type { SandboxClient } from "./client.ts";

const POLL_MS = 100;
/** Of a Kubernetes cluster, and of a database cluster. */
const isStarting: ReadonlySet<string> = new Set(["provisioning", "creating", "starting"]);

/**
 * Waits until the clusters of an earlier run, Kubernetes' and databases', are up again, or say why they cannot be. Until
 * then an API server that answers already refuses what its roles allow, because it has not read them yet, and an engine
 * takes that for an answer.
 */
export async function clustersResumed(
  client: Pick<SandboxClient, "status">,
  onProgress: (line: string) => void,
): Promise<void> {
  let told = "";
  for (;;) {
    const { clusters, stores } = await client.status();
    const starting = [...clusters, ...stores]
      .filter(({ status }) => isStarting.has(status))
      .map(({ name }) => name);
    if (starting.length === 0) return;
    const line = `Starting ${starting.join(", ")} again`;
    if (line !== told) onProgress(line);
    told = line;
    await delay(POLL_MS);
  }
}
