import { CommanderError } from "commander";
import { createCommand } from "./cli/command.ts";
import { reportError } from "./cli/report-error.ts";
import { outliveReaders } from "./report/lost-reader.ts";

/**
 * The `platform` command. Its exit status is set, never forced, so that what is being written is written; a verb that
 * leaves something open would hang here, and a test would see it.
 */
async function main(argv: readonly string[]): Promise<void> {
  try {
    await createCommand((status) => {
      process.exitCode = status;
    }).parseAsync(argv);
  } catch (error) {
    process.exitCode = error instanceof CommanderError && error.exitCode === 0 ? 0 : reportError(error, argv);
  }
}

outliveReaders(process);
await main(process.argv);
