import { readFile } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Writes a line of the log: JSON with the facts. Never a secret. */
export type Log = (level: "info" | "error", message: string, facts?: object) => void;

/** What goes round until it is stopped, and says how it is meanwhile. */
export interface RunningService {
  /** Port of its metrics. */
  readonly port: number;
  stop(): Promise<void>;
}

/** A round that takes longer than this is stuck, and nothing but a restart helps. */
const longestRoundMs = 60_000;

/** A log whose lines are written as they are told. */
export const logTo =
  (write: (line: string) => void): Log =>
  (level, message, facts = {}) =>
    write(`${JSON.stringify({ at: new Date().toISOString(), level, message, ...facts })}\n`);

/** What an error says. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Reads a secret of a folder, as it is now, without the line's end. */
export const secretsIn = (folder: string) => async (name: string) =>
  (await readFile(join(folder, name), "utf8")).trim();

/** What is wrong with a service whose last round ended then; undefined while it is well. */
export function stuckSince(roundMs: number): string | undefined {
  const silentMs = Date.now() - roundMs;
  return silentMs > longestRoundMs ? `no round has ended for ${Math.round(silentMs / 1000)} s` : undefined;
}

/**
 * Listens, and goes round, until it is stopped.
 *
 * @param round never throws
 */
export async function runService(
  server: Server,
  port: number,
  round: () => Promise<void>,
  pauseMs: number,
): Promise<RunningService> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, resolve);
  });
  const stopping = new AbortController();
  const rounds = goRound(round, pauseMs, stopping.signal);
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      stopping.abort();
      await rounds;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Lets a service end in order when its pod is told to. */
export function stopOnSignal(service: RunningService): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => void service.stop());
  }
}

async function goRound(round: () => Promise<void>, pauseMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await round();
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}
