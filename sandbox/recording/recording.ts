import { closeSync, openSync, writeSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { maskHeaders, maskSecrets, maskUrl } from "./secrets.ts";

/** One request and its answer: a line of the recording. Secrets in it are masked. */
export interface RecordedExchange {
  readonly service: "api" | "spaces" | "registry";
  /** When the request arrived, RFC 3339. */
  readonly time: string;
  readonly requestId: string;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, unknown>>;
  /** JSON as it is, other documents as text, and of the bytes of objects how many there were. */
  readonly requestBody?: unknown;
  /** 0 when the connection was cut. */
  readonly status: number;
  readonly responseHeaders: Readonly<Record<string, unknown>>;
  readonly responseBody?: unknown;
  readonly durationMs: number;
}

/** What a server knows of a request that it is about to answer. */
export interface ExchangeUnderWay {
  readonly service: RecordedExchange["service"];
  readonly requestId: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The bodies, asked for when the exchange is over. */
  readonly bodies: () => { readonly request: unknown; readonly response: unknown };
}

/**
 * Appends exchanges to a file of JSON lines, mode 0600. Written at once, so that the recording of a killed process is
 * complete. One for all servers of a sandbox: the lines stand in the order in which the answers ended.
 */
export class Recording {
  #descriptor: number | undefined;
  #file: string | undefined;

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

  /** Writes an exchange once it is over: when it is answered, or its connection is cut. Costs nothing while nothing is recorded. */
  follow(exchange: ExchangeUnderWay): void {
    if (this.#descriptor === undefined) return;
    const { response, now } = exchange;
    const startedMs = now();
    let finished = false;
    response.once("finish", () => {
      finished = true;
      this.#write(exchange, startedMs, response.statusCode);
    });
    response.once("close", () => {
      if (!finished) this.#write(exchange, startedMs, 0);
    });
  }

  #write(exchange: ExchangeUnderWay, startedMs: number, status: number): void {
    if (this.#descriptor === undefined) return;
    const { service, requestId, request, response, now, bodies } = exchange;
    const { request: requestBody, response: responseBody } = bodies();
    const line: RecordedExchange = {
      service,
      time: new Date(startedMs).toISOString(),
      requestId,
      method: request.method ?? "",
      url: maskUrl(request.url ?? ""),
      requestHeaders: maskHeaders(request.headers),
      requestBody: maskSecrets(requestBody),
      status,
      responseHeaders: maskHeaders(response.getHeaders()),
      responseBody: maskSecrets(responseBody),
      durationMs: now() - startedMs,
    };
    try {
      writeSync(this.#descriptor, `${JSON.stringify(line)}\n`);
    } catch (error) {
      // A full disk ends the recording, not the cloud.
      process.stderr.write(`The recording ${this.#file} has ended: ${error}\n`);
      this.stop();
    }
  }
}
