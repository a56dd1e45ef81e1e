/** What the command's exit status says. */
export const exitStatus = {
  done: 0,
  /** Something went wrong on the way. */
  failed: 1,
  /** Wrong usage or configuration: nothing was tried. */
  usage: 2,
  /** Refused by policy, or to keep a protected store: nothing was changed. */
  refused: 3,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** An end that the user can understand: printed as it is, without a stack trace. */
export class PlatformError extends Error {
  override readonly name = "PlatformError";
  readonly status: ExitStatus;
  /** What `--json` prints beside the message. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    status: Exclude<ExitStatus, 0>,
    message: string,
    options: { readonly details?: Readonly<Record<string, unknown>>; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.status = status;
    this.details = options.details ?? {};
  }
}

/** The command was asked for in a way that it cannot carry out. */
export const usageError = (message: string, details?: Readonly<Record<string, unknown>>): PlatformError =>
  new PlatformError(exitStatus.usage, message, details === undefined ? {} : { details });

/** Something failed on the way. */
export const failure = (message: string, cause?: unknown): PlatformError =>
  new PlatformError(exitStatus.failed, message, { cause });
