import { createInterface } from "node:readline";
import { execa } from "execa";

/** A program of ours that answers on loopback. */
export interface Running {
  readonly url: string;
  /** Everything it has said, line by line. */
  readonly log: readonly string[];
  /** Waits until it has said something that fits, so many times. */
  said(pattern: RegExp, times?: number): Promise<void>;
  /** Asks it to end, and waits until it has. */
  stop(): Promise<void>;
}

/** Starts a program, and waits until it says on which port it listens. */
export async function start(
  program: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const child = execa(program, parameters, {
    env: environment,
    reject: false,
    buffer: false,
    stdin: "ignore",
    stdout: "ignore",
    forceKillAfterDelay: 20_000,
  });
  const log: string[] = [];
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const look of waiting) look();
  };
  let over = false;
  createInterface({ input: child.stderr }).on("line", (line) => {
    log.push(line);
    wake();
  });
  void child.then(() => {
    over = true;
    wake();
  });
  const said = (pattern: RegExp, times = 1) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        const enough = log.filter((line) => pattern.test(line)).length >= times;
        if (!enough && !over) return;
        waiting.delete(look);
        if (enough) resolve();
        else reject(new Error(`${program} has ended without saying ${pattern}:\n${log.join("\n")}`));
      };
      waiting.add(look);
      look();
    });
  const listening = /Listening on.*address=(127\.0\.0\.1:\d+)/;
  await said(listening);
  const address = log.flatMap((line) => listening.exec(line)?.[1] ?? [])[0];
  return {
    url: `http://${address}`,
    log,
    said,
    stop: async () => {
      child.kill("SIGTERM");
      await child;
    },
  };
}

const millisecondsOf = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Divides every duration of a text, as Prometheus and Alertmanager write them, so that minutes pass in a test's time. */
export function hastened(text: string, factor: number): string {
  return text.replace(
    /(?<![\w.])(\d+)(ms|s|m|h|d|w)(?!\w)/g,
    (_, number: string, unit: keyof typeof millisecondsOf) =>
      `${Math.max(1, Math.round((Number(number) * millisecondsOf[unit]) / factor))}ms`,
  );
}
