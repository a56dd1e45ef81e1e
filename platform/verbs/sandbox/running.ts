import { SandboxClient } from "../../../sandbox/daemon/client.ts";
import { type RunningRecord, runningRecord } from "../../../sandbox/daemon/record.ts";
import { type PlatformHome, platformHome } from "../../../sandbox/home.ts";
import { failure } from "../../exit.ts";

/** The sandbox of this home, which must run. */
interface RunningSandbox {
  readonly home: PlatformHome;
  readonly record: RunningRecord;
  readonly client: SandboxClient;
}

/** @throws PlatformError when it does not run. */
export function runningSandbox(): RunningSandbox {
  const home = platformHome();
  const record = runningRecord(home.sandboxRecord);
  if (record === undefined)
    throw failure('The sandbox does not run. Start it with "platform sandbox start".');
  return { home, record, client: new SandboxClient(record) };
}
