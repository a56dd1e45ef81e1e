import { setTimeout as sleep } from "node:timers/promises";
import { ProviderError } from "../../kit/index.ts";

const FIRST_INTERVAL_MS = 100;
const LONGEST_INTERVAL_MS = 1_000;

/** How to wait. */
export interface WaitOptions {
  /** What is waited for, for the message when it does not come: `droplet 17 to become active`. */
  readonly what: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks until there is an answer: soon at first, then once a second. Rejects when the time is over, and at once when the
 * signal aborts.
 */
export async function waitUntil<T>(ask: () => Promise<T | undefined>, options: WaitOptions): Promise<T> {
  const deadline = Date.now() + options.timeoutMs;
  for (let interval = FIRST_INTERVAL_MS; ; interval = Math.min(interval * 1.5, LONGEST_INTERVAL_MS)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() + interval > deadline) {
      throw new ProviderError(
        `waited ${Math.round(options.timeoutMs / 1000)} s for ${options.what}: look at it in DigitalOcean's console, ` +
          "or give it more time with `customTimeouts`",
      );
    }
    await sleep(interval, undefined, { signal: options.signal });
  }
}
