import { createColors } from "picocolors";

/** Where the command writes: results to standard output, everything else to standard error. */
export interface Output {
  /** Whether machines read the result. */
  readonly json: boolean;
  /** Whether a person watches standard error as it is written. */
  readonly live: boolean;
  /** Whether a person watches standard output as it is written. */
  readonly screen: boolean;
  readonly colors: ReturnType<typeof createColors>;
  /** Tells a person something; never part of the result. */
  say(line: string): void;
  /** Overwrites the last line of a live display; the empty text takes it away. */
  status(line: string): void;
  /** The result, once: as text for people, or as JSON for machines. */
  result(forMachines: unknown, forPeople: string): void;
  /** A further part of a result that has no end. */
  line(text: string): void;
  /** The result as it is now, in place of what the screen showed. */
  redraw(text: string): void;
}

const clearLine = "\r\u001b[2K";
/** To the corner; what is left there of before goes line by line, and the rest at the end: nothing flickers. */
const home = "\u001b[H";
const clearToEnd = "\u001b[K";
const clearBelow = "\u001b[J";

/**
 * The output of one command.
 *
 * @param json Whether `--json` was given.
 */
export function createOutput(json: boolean, env: NodeJS.ProcessEnv = process.env): Output {
  const live = process.stderr.isTTY === true && env.CI === undefined;
  const coloured = env.NO_COLOR === undefined && (json ? process.stderr : process.stdout).isTTY === true;
  let statusShown = false;
  const clearStatus = () => {
    if (statusShown) process.stderr.write(clearLine);
    statusShown = false;
  };
  return {
    json,
    live,
    screen: process.stdout.isTTY === true && env.CI === undefined,
    colors: createColors(coloured),
    say: (line) => {
      clearStatus();
      process.stderr.write(`${line}\n`);
    },
    status: (line) => {
      if (!live) return;
      clearStatus();
      if (line === "") return;
      process.stderr.write(line.slice(0, Math.max(20, (process.stderr.columns || 80) - 1)));
      statusShown = true;
    },
    result: (forMachines, forPeople) => {
      clearStatus();
      process.stdout.write(json ? `${JSON.stringify(forMachines, undefined, 2)}\n` : `${forPeople}\n`);
    },
    line: (text) => {
      clearStatus();
      process.stdout.write(`${text}\n`);
    },
    redraw: (text) => {
      clearStatus();
      process.stdout.write(`${home}${text.replaceAll("\n", `${clearToEnd}\n`)}${clearToEnd}\n${clearBelow}`);
    },
  };
}
