import { type Command, InvalidArgumentError } from "commander";
import type { ExitStatus } from "../exit.ts";

/** Told the exit status of the verb that ran. */
export type SetStatus = (status: ExitStatus) => void;

/** Adds examples to a command's help, each as it is typed. */
export function addExamples(command: Command, examples: readonly string[]): Command {
  return command.addHelpText("after", `\nExamples:\n${examples.map((line) => `  $ ${line}`).join("\n")}\n`);
}

/** A parser of an option's number, which must lie in a range. */
export const numberBetween =
  (least: number, most: number, whole = true) =>
  (text: string): number => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
    throw new InvalidArgumentError(`Write a${whole ? " whole" : ""} number from ${least} to ${most}.`);
  };
