import { createColors } from "picocolors";

/** Where the command writes: results to standard output, everything else to standard error. */
export interface Output {
  /** Whether machines read the result. */
  readonly json: boolean;
  /** Whether a person watches standard error as it is written. */
  readonly live: boolean;
  readonly colors: ReturnType<typeof createColors>;
  /** Tells a person something; never part of the result. */
  say(line: string): void;
  /** Overwrites the last line of a live display; the empty text takes it away. */
  status(line: string): void;
  /** The result, once: as text for people, or as JSON for machines. */
  result(forMachines: unknown, forPeople: string): void;
}

const clearLine = "\r\u001b[2K";

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
  };
}
