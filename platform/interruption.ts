import type { Output } from "./report/output.ts";

/** What an interrupted command says at its end. */
export const interruptedMessage =
  "Interrupted. What was done is recorded; run the same command again to go on.";

/** What Ctrl-C, or a signal to end, means while the engine works. */
export interface Interruption {
  /** Aborted by the first signal: finish what has begun, record it, end. */
  readonly interrupt: AbortSignal;
  /** Aborted by the second: end at once. What is left half-made, the next run repairs. */
  readonly kill: AbortSignal;
  /** Gives the signals back to Node. */
  stop(): void;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Takes the process's signals to end, until stopped. */
export function takeSignals(output: Output): Interruption {
  const interrupt = new AbortController();
  const kill = new AbortController();
  const onSignal = () => {
    if (!interrupt.signal.aborted) {
      output.say(
        "Interrupted: nothing new is begun, and a change that is under way is finished and recorded. Interrupt again to end at once.",
      );
      interrupt.abort();
    } else if (!kill.signal.aborted) {
      output.say("Ending at once. The next run repairs what this one leaves half-made.");
      kill.abort();
    }
  };
  for (const name of signals) process.on(name, onSignal);
  return {
    interrupt: interrupt.signal,
    kill: kill.signal,
    stop: () => {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
