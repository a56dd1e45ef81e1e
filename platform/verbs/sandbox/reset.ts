import { readdirSync } from "node:fs";
import { join } from "node:path";
import { resetSandbox } from "../../../sandbox/daemon/lifecycle.ts";
import { lockHolder } from "../../../sandbox/daemon/process-lock.ts";
import { type PlatformHome, platformHome } from "../../../sandbox/home.ts";
import { type ExitStatus, exitStatus, failure } from "../../exit.ts";
import type { Output } from "../../report/output.ts";

/** Stops the sandbox and forgets everything: its cloud, its ports, and the state of what was deployed into it. */
export async function runSandboxReset(output: Output): Promise<ExitStatus> {
  const home = platformHome();
  refuseWhileAtWork(home);
  await resetSandbox(home);
  output.result({ running: false, reset: true }, "The sandbox is empty, and its ports are free.");
  return exitStatus.done;
}

function refuseWhileAtWork(home: PlatformHome): void {
  for (const environment of environmentsAt(home)) {
    const holder = lockHolder(join(home.workOf(environment), "lock"));
    if (holder !== undefined) {
      throw failure(
        `${environment} is being worked on by process ${holder.pid}: wait until it is done, or interrupt it.`,
      );
    }
  }
}

function environmentsAt(home: PlatformHome): string[] {
  try {
    return readdirSync(home.work);
  } catch {
    return [];
  }
}
