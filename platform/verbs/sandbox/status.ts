import { SandboxClient } from "../../../sandbox/daemon/client.ts";
import { runningRecord } from "../../../sandbox/daemon/record.ts";
import { platformHome } from "../../../sandbox/home.ts";
import { type ExitStatus, exitStatus } from "../../exit.ts";
import type { Output } from "../../report/output.ts";
import { endpoints, endpointsText } from "./endpoints.ts";

/** Tells whether the sandbox runs, where, and which clusters it has. */
export async function runSandboxStatus(output: Output): Promise<ExitStatus> {
  const record = runningRecord(platformHome().sandboxRecord);
  if (record === undefined) {
    output.result({ running: false }, "The sandbox does not run.");
    return exitStatus.done;
  }
  const status = await new SandboxClient(record).status();
  const { startedAt } = record.daemon;
  const clusters = status.clusters.flatMap(({ name, status: state, server, message, podServers }) => [
    `  cluster ${name}: ${state} ${server ?? ""} ${message ?? ""}`.trimEnd(),
    ...podServers.map((pod) =>
      `    pod ${pod.name}: ${pod.status} ${pod.address ?? ""} ${pod.message ?? ""}`.trimEnd(),
    ),
  ]);
  const stores = status.stores.map(({ name, engine, status: state, address, message }) =>
    `  database cluster ${name} (${engine}): ${state} ${address} ${message ?? ""}`.trimEnd(),
  );
  const absent = status.absentEngines.map(
    ({ engine, reason }) =>
      `  database clusters of engine ${engine} have no server, only the API's state: ${reason}`,
  );
  output.result(
    { running: true, startedAt, latencyMs: record.latencyMs, ...status, endpoints: endpoints(record) },
    [
      `The sandbox runs since ${startedAt} (process ${status.pid}, ${status.memoryMib} MiB).`,
      endpointsText(record),
      ...clusters,
      ...stores,
      ...absent,
    ].join("\n"),
  );
  return exitStatus.done;
}
