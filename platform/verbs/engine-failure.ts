import { runningRecord } from "../../sandbox/daemon/record.ts";
import type { OperationOutcome } from "../engine/operations.ts";
import { exitStatus, PlatformError } from "../exit.ts";
import { interruptedMessage } from "../interruption.ts";
import type { Session } from "../session.ts";
import { failureCauses } from "./failure-causes.ts";

/**
 * Why an operation of the engine failed, from what it said of each resource.
 *
 * @param what What failed, as the beginning of a sentence.
 * @param nothingTried Whether it failed before anything was changed: what the operator gave it is then wrong usage.
 */
export function engineFailure(
  what: string,
  { environment, interruption, options, home, project, programFailures }: Session,
  { diagnostics, error }: OperationOutcome,
  nothingTried = false,
): PlatformError {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const details = { environment, errors };
  if (interruption.interrupt.aborted) {
    return new PlatformError(exitStatus.failed, interruptedMessage, { details });
  }
  const { lines, operatorsFault } = failureCauses(errors, programFailures.all(), project.folder);
  const sandboxGone = options.sandbox && runningRecord(home.sandboxRecord) === undefined;
  const fallback = error instanceof Error ? error.message : String(error);
  return new PlatformError(
    nothingTried && operatorsFault ? exitStatus.usage : exitStatus.failed,
    [
      `${what}:`,
      ...(lines.length > 0 ? lines : [fallback]),
      ...(sandboxGone ? ["The sandbox was stopped or killed meanwhile; the next run starts it again."] : []),
    ].join("\n"),
    { details, cause: error },
  );
}
