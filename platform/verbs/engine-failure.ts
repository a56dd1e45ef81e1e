import { runningRecord } from "../../sandbox/daemon/record.ts";
import type { OperationOutcome } from "../engine/operations.ts";
import { nameOf } from "../engine/plan.ts";
import { exitStatus, PlatformError } from "../exit.ts";
import type { Session } from "../session.ts";

/**
 * Why an operation of the engine failed, from what it said of each resource.
 *
 * @param what What failed, as the beginning of a sentence.
 */
export function engineFailure(
  what: string,
  { environment, interruption, options, home }: Session,
  { diagnostics, error }: OperationOutcome,
): PlatformError {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const details = { environment, errors };
  if (interruption.interrupt.aborted) {
    return new PlatformError(
      exitStatus.failed,
      "Interrupted. What was done is recorded; run the same command again to go on.",
      { details },
    );
  }
  const lines = errors.map(({ urn, message }) =>
    urn === undefined ? `  - ${tidy(message)}` : `  - ${nameOf(urn)}: ${tidy(message)}`,
  );
  const sandboxGone = options.sandbox && runningRecord(home.sandboxRecord) === undefined;
  const fallback = error instanceof Error ? error.message : String(error);
  return new PlatformError(
    exitStatus.failed,
    [
      `${what}:`,
      ...(lines.length > 0 ? lines : [fallback]),
      ...(sandboxGone ? ["The sandbox was stopped or killed meanwhile; the next run starts it again."] : []),
    ].join("\n"),
    { details, cause: error },
  );
}

/** Indents further lines, and leaves out the frames of our own program's stack. */
const tidy = (message: string): string =>
  message
    .split("\n")
    .filter((line) => !/^\s+at .*(:\d+:\d+\)?|\(<anonymous>\))$/.test(line))
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .join("\n    ");
