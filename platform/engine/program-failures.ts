import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { isGrpcError, RunError } from "@pulumi/pulumi/errors.js";

/**
 * What the program, which runs in this process, threw while the engine ran it. The engine tells some of it, some of it
 * twice, and nothing at all when it has begun to end by then.
 */
export class ProgramFailures {
  readonly #errors = new Set<Error>();

  /** Takes note of what the program, or a promise of it that nobody awaits, was rejected with. */
  readonly note = (reason: unknown): void => {
    // That the engine refused a resource, or went away, the engine tells itself.
    if (!(reason instanceof Error) || isGrpcError(reason) || isRefusal(reason)) return;
    this.#errors.add(reason);
  };

  /** The program, watched. */
  watch(program: () => Promise<PulumiFn>): PulumiFn {
    return async () => {
      this.#errors.clear();
      try {
        return await (await program())();
      } catch (error) {
        this.note(error);
        throw error;
      }
    };
  }

  /** In the order in which they came; the same text once. */
  all(): readonly Error[] {
    return [...new Map([...this.#errors].map((error) => [error.message, error])).values()];
  }
}

/** Whether it is thrown at the operator, who gave the program something that it cannot work with. */
export const isOperatorsFault = (error: Error): boolean => RunError.isInstance(error);

const isRefusal = ({ message }: Error): boolean =>
  /^(failed to (register|read|call|invoke)|invocation of) /i.test(message);
