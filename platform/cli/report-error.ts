import { CommanderError } from "commander";
import { isDiskFull, SandboxError } from "../../sandbox/error.ts";
import { platformHome } from "../../sandbox/home.ts";
import { ToolchainError } from "../../toolchain/errors.ts";
import { type ExitStatus, exitStatus, PlatformError } from "../exit.ts";

/** What is printed of an error, and what the exit status is. */
interface ShownError {
  readonly status: ExitStatus;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * Prints an error: for people on standard error, and with `--json` as a document on standard output too.
 * Errors that a user can understand are printed as they are; any other is a fault of ours, and shows its stack trace.
 *
 * @returns The exit status.
 */
export function reportError(error: unknown, argv: readonly string[]): ExitStatus {
  const { status, message, details } = describe(error);
  if (argv.includes("--json")) {
    process.stdout.write(
      `${JSON.stringify({ error: { message, exitStatus: status }, ...details }, undefined, 2)}\n`,
    );
  }
  // The command-line library has printed its complaint already.
  if (!(error instanceof CommanderError)) process.stderr.write(`${message}\n`);
  return status;
}

function describe(error: unknown): ShownError {
  if (error instanceof PlatformError)
    return { status: error.status, message: error.message, details: error.details };
  if (error instanceof CommanderError)
    return { status: exitStatus.usage, message: error.message, details: {} };
  if (error instanceof SandboxError) {
    return {
      status: error.usage ? exitStatus.usage : exitStatus.failed,
      message: error.message,
      details: {},
    };
  }
  if (error instanceof ToolchainError)
    return { status: exitStatus.failed, message: error.message, details: {} };
  if (isDiskFull(error)) {
    return {
      status: exitStatus.failed,
      message:
        `There is no room left on the disk of ${platformHome().root}.\n` +
        "Make room, then run the same command again: what was done is recorded, and it goes on.",
      details: {},
    };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    status: exitStatus.failed,
    message: `This is a fault of the platform command itself:\n${text}`,
    details: {},
  };
}
