/**
 * Why the sandbox cannot be had. The message is for people and complete: what, where, why, and what to do.
 * `usage` marks what the caller can put right by asking otherwise.
 */
export class SandboxError extends Error {
  override readonly name = "SandboxError";
  readonly usage: boolean;

  constructor(message: string, options: { readonly usage?: boolean; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.usage = options.usage ?? false;
  }
}

/** Whether something could not be written because there is no room, or no more of it for this user. */
export const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
