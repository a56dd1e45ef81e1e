import { closeSync, openSync, writeSync } from "node:fs";

/** One request and its answer: a line of the recording. */
export interface RecordedExchange {
  /** When the request arrived, RFC 3339. */
  readonly time: string;
  readonly requestId: string;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Without `authorization`, which is a credential. */
  readonly requestHeaders: Readonly<Record<string, unknown>>;
  readonly requestBody?: unknown;
  /** 0 when the connection was cut. */
  readonly status: number;
  readonly responseHeaders: Readonly<Record<string, unknown>>;
  readonly responseBody?: unknown;
  readonly durationMs: number;
}

/**
 * Appends exchanges to a file of JSON lines, mode 0600: answers hold credentials. Written at once, so that the recording
 * of a killed process is complete.
 */
export class Recording {
  #descriptor: number | undefined;
  #file: string | undefined;

  /** @param file Where to record; nothing is recorded when left out. */
  constructor(file?: string) {
    if (file !== undefined) this.start(file);
  }

  /** The file being written, if any. */
  get file(): string | undefined {
    return this.#file;
  }

  /** Records into `file` from now on, behind what it already holds. @throws when it cannot be opened. */
  start(file: string): void {
    const descriptor = openSync(file, "a", 0o600);
    this.stop();
    this.#descriptor = descriptor;
    this.#file = file;
  }

  stop(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    this.#file = undefined;
  }

  write(exchange: RecordedExchange): void {
    if (this.#descriptor !== undefined) writeSync(this.#descriptor, `${JSON.stringify(exchange)}\n`);
  }
}
