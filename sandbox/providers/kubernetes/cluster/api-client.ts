import { setTimeout as sleep } from "node:timers/promises";
import { Agent } from "undici";
import { ProviderError } from "../../kit/errors.ts";
import type { PlainValue } from "../../kit/values.ts";
import type { ClusterAccess } from "./access.ts";
import { ApiError, UnreachableError } from "./api-error.ts";
import { credentialsOf } from "./credentials.ts";

/** A request to the API server. */
export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: PlainValue;
  /** Default: JSON. */
  readonly contentType?: string;
  /** Stops waiting between tries. A write that is under way is not cut off: nobody would know whether it was done. */
  readonly signal?: AbortSignal;
  /** How long to go on trying after faults that pass. Default: 30 s. */
  readonly patienceMs?: number;
  /** Told when a try may have been carried out without our hearing of it. */
  readonly onLostTry?: () => void;
}

/** Faults that pass by themselves. A 409 is none: what it means depends on the request. */
const PASSING: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
/**
 * What the API server says to who may not ask, unlike to what may not be. In the moment after it has come up it says so to
 * everybody, until it has read who may do what.
 */
const DENIED = /\bUser ".*" cannot /;
const PATIENCE_MS = 30_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 3_000;
const CONNECTIONS = 16;
const ANSWER_TIMEOUT_MS = 60_000;

/**
 * Speaks HTTP to one API server as one user: connections are kept open and shared, faults that pass are tried again with
 * growing pauses, and whatever else is no success is thrown as `ApiError` or `UnreachableError`.
 */
export class ApiClient {
  readonly #server: string;
  readonly #connections: Agent;
  /** What each request says of who we are. */
  readonly #headers: Readonly<Record<string, string>>;

  constructor(access: ClusterAccess) {
    const { headers, tls } = credentialsOf(access);
    this.#server = access.server;
    this.#headers = headers;
    this.#connections = new Agent({
      connections: CONNECTIONS,
      connect: tls,
      keepAliveTimeout: 30_000,
      headersTimeout: ANSWER_TIMEOUT_MS,
      bodyTimeout: ANSWER_TIMEOUT_MS,
    });
  }

  /** Sends the request and reads the answer's JSON. */
  async send(request: ApiRequest): Promise<PlainValue> {
    const deadline = Date.now() + (request.patienceMs ?? PATIENCE_MS);
    let pauseMs = FIRST_PAUSE_MS;
    for (;;) {
      request.signal?.throwIfAborted();
      try {
        return await this.#onceReady(request);
      } catch (error) {
        if (!isPassing(error) || Date.now() + pauseMs > deadline) throw error;
        if (mayBeDone(error)) request.onLostTry?.();
        const asked = error instanceof ApiError ? error.retryAfterMs : undefined;
        await sleep(asked ?? pauseMs * (0.75 + Math.random() / 2), undefined, { signal: request.signal });
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  /** Lets go of the connections, once what is under way is answered. */
  async close(): Promise<void> {
    await this.#connections.close();
  }

  /** Sends the request; a denial counts when the server has said since that it is ready. */
  async #onceReady(request: ApiRequest): Promise<PlainValue> {
    try {
      return await this.#once(request);
    } catch (error) {
      if (!(error instanceof ApiError && DENIED.test(error.serverMessage))) throw error;
      if (!(await this.#isReady())) throw new NotReadyError(error.message);
      return await this.#once(request);
    }
  }

  /** Whether the API server says that it is ready, which everybody may ask who may ask anything. */
  async #isReady(): Promise<boolean> {
    const { origin, pathname } = new URL(this.#server);
    try {
      const { statusCode, body } = await this.#connections.request({
        origin,
        path: `${pathname.replace(/\/$/, "")}/readyz`,
        method: "GET",
        headers: this.#headers,
      });
      await body.dump();
      return statusCode === 200;
    } catch {
      return false;
    }
  }

  async #once(request: ApiRequest): Promise<PlainValue> {
    const label = `${request.method} ${request.path}`;
    const { origin, pathname } = new URL(this.#server);
    const query = Object.fromEntries(
      Object.entries(request.query ?? {}).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      ),
    );
    const answer = await this.#connections
      .request({
        origin,
        path: pathname.replace(/\/$/, "") + request.path,
        query,
        method: request.method,
        headers: {
          ...this.#headers,
          accept: "application/json",
          ...(request.body === undefined
            ? {}
            : { "content-type": request.contentType ?? "application/json" }),
        },
        body: request.body === undefined ? null : JSON.stringify(request.body),
        ...(request.method === "GET" && request.signal !== undefined ? { signal: request.signal } : {}),
      })
      .then(async (response) => ({
        status: response.statusCode,
        retryAfter: response.headers["retry-after"],
        text: await response.body.text(),
      }))
      .catch((error: unknown) => {
        if (request.signal?.aborted) throw request.signal.reason;
        throw unreachable(this.#server, error);
      });
    const body = parseJson(answer.text);
    if (answer.status < 300 && typeof body !== "string") return body;
    const retryAfter = typeof answer.retryAfter === "string" ? answer.retryAfter : undefined;
    throw new ApiError(label, answer.status, body, retryAfter);
  }
}

/** The API server denies everything, because it does not know yet who may do what. */
class NotReadyError extends ProviderError {
  override readonly name = "NotReadyError";
}

/** Whether a failed try may have been carried out all the same. */
function mayBeDone(error: unknown): boolean {
  return !(error instanceof NotReadyError || (error instanceof ApiError && error.status === 429));
}

function isPassing(error: unknown): boolean {
  if (error instanceof NotReadyError) return true;
  if (error instanceof UnreachableError) return error.mayPass;
  return error instanceof ApiError && PASSING.has(error.status);
}

/** Codes of a connection on which the two sides do not trust each other: no other try will change that. */
const DISTRUST = /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/;

function unreachable(server: string, error: unknown): UnreachableError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const text = error instanceof Error ? error.message : String(error);
  const distrusted = DISTRUST.test(code);
  const why = distrusted
    ? `what answers there does not prove to be the cluster (${code})`
    : [code, text].filter(Boolean).join(" ");
  return new UnreachableError(`the API server ${server} cannot be reached: ${why}`, !distrusted);
}

/** The text as JSON, or as it is when it is none (a proxy's error page, say). */
function parseJson(text: string): PlainValue {
  try {
    return JSON.parse(text) as PlainValue;
  } catch {
    return text;
  }
}
