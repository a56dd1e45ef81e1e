import { failure, usageError } from "../exit.ts";
import type { Session } from "../session.ts";

/**
 * Tells beforehand that a question would find nobody. What leads to it is done all the same: it shows what the answer
 * would be about, and where nothing changes nothing is asked.
 */
export function foretellQuestion({ options, output }: Session): void {
  if (isNobodyThere(options)) output.say('There is nobody to ask: without "--yes", nothing will be changed.');
}

/**
 * Asks before something changes; `--yes` has answered already.
 *
 * @throws PlatformError when the answer is no, or when there is nobody to ask.
 */
export async function ask({ options, interruption }: Session, question: string): Promise<void> {
  if (options.yes) return;
  if (isNobodyThere(options)) {
    throw usageError('There is nobody to ask whether to go on: add "--yes". Nothing was changed.');
  }
  const { confirm } = await import("@inquirer/prompts");
  const answer = await confirm(
    { message: question, default: false },
    { output: process.stderr, signal: interruption.interrupt },
  ).catch(() => false);
  if (!answer) throw failure("Nothing was changed.");
}

const isNobodyThere = ({ yes, json }: Session["options"]): boolean =>
  !yes && (json || process.stdin.isTTY !== true);
