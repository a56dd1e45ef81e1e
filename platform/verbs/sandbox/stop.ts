import { stopSandbox } from "../../../sandbox/daemon/lifecycle.ts";
import { platformHome } from "../../../sandbox/home.ts";
import { type ExitStatus, exitStatus } from "../../exit.ts";
import type { Output } from "../../report/output.ts";

/** Stops the sandbox; its cloud stays on disk for the next start. */
export async function runSandboxStop(output: Output): Promise<ExitStatus> {
  const stopped = await stopSandbox(platformHome());
  output.result(
    { running: false, stopped },
    stopped ? "The sandbox is stopped; what it keeps is on disk." : "The sandbox did not run.",
  );
  return exitStatus.done;
}
