import { SandboxClient } from "../../../sandbox/daemon/client.ts";
import { startSandbox } from "../../../sandbox/daemon/lifecycle.ts";
import { platformHome } from "../../../sandbox/home.ts";
import { ensureKubernetes } from "../../../toolchain/kubernetes.ts";
import { tellClusterFaults } from "../../environment/cluster-faults.ts";
import { type ExitStatus, exitStatus } from "../../exit.ts";
import type { Output } from "../../report/output.ts";
import { endpoints, endpointsText } from "./endpoints.ts";

export interface SandboxStartOptions {
  /** Port of the emulated API. */
  readonly port?: number;
  /** How long a new thing takes until it is ready, in milliseconds. */
  readonly latencyMs?: number;
}

/** Starts the sandbox and waits until it is ready; a running one is left as it is. */
export async function runSandboxStart(options: SandboxStartOptions, output: Output): Promise<ExitStatus> {
  process.umask(0o077);
  await ensureKubernetes({ onProgress: output.say });
  const record = await startSandbox(platformHome(), {
    ...(options.port === undefined ? {} : { apiPort: options.port }),
    ...(options.latencyMs === undefined ? {} : { latencyMs: options.latencyMs }),
    onProgress: output.say,
  });
  await tellClusterFaults(new SandboxClient(record), output.say);
  const shown = {
    running: true,
    pid: record.daemon.pid,
    latencyMs: record.latencyMs,
    endpoints: endpoints(record),
  };
  output.result(
    shown,
    [`The sandbox runs (process ${record.daemon.pid}).`, endpointsText(record)].join("\n"),
  );
  return exitStatus.done;
}
