import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 25;

/**
 * Does it again as long as the server is not there: it is starting, or was killed in the middle and comes back.
 * @param isPassing Whether an error says no more than that.
 * @param check Throws when there is no hope any more.
 */
export async function whenReachable<T>(
  attempt: () => Promise<T>,
  isPassing: (error: unknown) => boolean,
  check: () => void,
): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isPassing(error)) throw error;
      check();
      await delay(POLL_MS);
    }
  }
}

/** A server that dies this often before it serves will not come up. */
const DEATHS_BEFORE_GIVING_UP = 5;

/** A check for {@link whenReachable}: there is no hope once the signal comes, or when the process keeps dying. */
export function hopeOf(
  process: { readonly name: string; readonly restarts: number; describeFailure(): string },
  signal: AbortSignal,
): () => void {
  const before = process.restarts;
  return () => {
    signal.throwIfAborted();
    if (process.restarts - before < DEATHS_BEFORE_GIVING_UP) return;
    throw new Error(`${process.name} cannot run. ${process.describeFailure()}`);
  };
}
