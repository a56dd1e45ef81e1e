/** One way of getting a program, and why it is closed. */
export interface ClosedWay {
  /** What was tried, as a person says it: "the vendor's download". */
  readonly way: string;
  readonly reason: string;
}

/** A way that cannot be taken, for a reason outside this program; the next one is tried. */
export class WayClosed extends Error {
  override readonly name = "WayClosed";
}

/** No way of getting a set of programs is open. The message says what was tried and what to install. */
export class ToolchainError extends Error {
  override readonly name = "ToolchainError";
  readonly tried: readonly ClosedWay[];

  constructor(what: string, tried: readonly ClosedWay[], remedy: string) {
    const lines = tried.map(({ way, reason }) => `  - ${way}: ${reason}`);
    super([`${what} cannot be had. Tried:`, ...lines, remedy].join("\n"));
    this.tried = tried;
  }
}
