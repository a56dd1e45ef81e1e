import { logTo } from "../service.ts";
import { UnhealthyError } from "./gate.ts";
import { runRollout } from "./run.ts";
import { readRolloutSettings } from "./settings.ts";

/** Told to Kubernetes as the end of the matter: another try would wait once more for the same droplets. */
const unhealthyExitCode = 3;

const write = (line: string) => void process.stdout.write(line);

try {
  await runRollout(readRolloutSettings(process.env), write);
} catch (error) {
  if (!(error instanceof UnhealthyError)) throw error;
  logTo(write)("error", error.message);
  process.exitCode = unhealthyExitCode;
}
