import { failure, usageError } from "../exit.ts";
import type { Session } from "../session.ts";

/**
 * Asks before something changes; `--yes` has answered already.
 *
 * @throws PlatformError when the answer is no, or when there is nobody to ask.
 */
export async function ask({ options, interruption }: Session, question: string): Promise<void> {
  if (options.yes) return;
  if (process.stdin.isTTY !== true || options.json) {
    throw usageError('There is nobody to ask whether to go on: add "--yes". Nothing was changed.');
  }
  const { confirm } = await import("@inquirer/prompts");
  const answer = await confirm(
    { message: question, default: false },
    { output: process.stderr, signal: interruption.interrupt },
  ).catch(() => false);
  if (!answer) throw failure("Nothing was changed.");
}
