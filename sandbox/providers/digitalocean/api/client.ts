import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import { isPlainMap, type PlainMap } from "../dsl/wire.ts";
import { ApiError, isNotFound, UnreachableError } from "./errors.ts";

/** Where the API is, and as whom to ask it. */
export interface ApiOptions {
  /** `http://127.0.0.1:1234`, without a trailing slash. */
  readonly endpoint: string;
  readonly token: string;
  /** How often a request is sent at most. Default: 10. */
  readonly attempts?: number;
  /** The wait before the second attempt; it doubles from one to the next. Default: 50. */
  readonly backoffMs?: number;
}

/** Headers beside the usual ones. */
type Headers = Readonly<Record<string, string>>;

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

const LONGEST_BACKOFF_MS = 2_000;
const PAGE_SIZE = 200;

/** A failure that another attempt may not meet. It is ambiguous: the request may have been carried out. */
class Unanswered extends Error {
  readonly retryAfterMs: number | undefined;

  constructor(cause: unknown, retryAfterMs?: number) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.retryAfterMs = retryAfterMs;
  }
}

/** One account of DigitalOcean: keeps its connections, repeats what fails by chance (429, 5xx, a lost connection). */
export class Api {
  readonly #options: Required<ApiOptions>;
  readonly #agent = new Agent({ keepAliveTimeout: 10_000, connections: 32 });

  constructor(options: ApiOptions) {
    this.#options = { attempts: 10, backoffMs: 50, ...options };
  }

  /** The document at a path. Throws `ApiError`, 404 included. */
  get(path: string, signal: AbortSignal): Promise<PlainMap> {
    return this.#repeat("GET", path, undefined, signal);
  }

  /** The document at a path, undefined when there is none. */
  async find(path: string, signal: AbortSignal): Promise<PlainMap | undefined> {
    try {
      return await this.get(path, signal);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Every entry of a collection, page by page. */
  async list(path: string, key: string, signal: AbortSignal): Promise<PlainMap[]> {
    const entries: PlainMap[] = [];
    for (let page = 1; ; page++) {
      const separator = path.includes("?") ? "&" : "?";
      const answer = await this.get(`${path}${separator}page=${page}&per_page=${PAGE_SIZE}`, signal);
      const found = answer[key];
      const batch = Array.isArray(found) ? found.filter(isPlainMap) : [];
      entries.push(...batch);
      if (batch.length < PAGE_SIZE) return entries;
    }
  }

  /** Changes something that is the same after the second time. */
  put(path: string, body: PlainMap, signal: AbortSignal): Promise<PlainMap> {
    return this.#repeat("PUT", path, body, signal);
  }

  /** Changes a part of something, to the same after the second time. */
  patch(path: string, body: PlainMap, signal: AbortSignal): Promise<PlainMap> {
    return this.#repeat("PATCH", path, body, signal);
  }

  /** Starts something that may be started twice without harm. */
  post(path: string, body: PlainMap, signal: AbortSignal): Promise<PlainMap> {
    return this.#repeat("POST", path, body, signal);
  }

  /** Deletes. What is gone already is deleted. */
  async delete(path: string, signal: AbortSignal, body?: PlainMap, headers?: Headers): Promise<void> {
    try {
      await this.#attempts(signal, () => this.#send("DELETE", path, body, signal, headers));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  /**
   * Makes something exactly once. After an attempt whose answer was lost, `lookUp` says whether it was carried out all
   * the same; only when it was not is the request sent again. A cancellation never takes back a request that is under
   * way, whose fate nobody would know: it is only not repeated.
   */
  async create(
    path: string,
    body: PlainMap,
    lookUp: (signal: AbortSignal) => Promise<PlainMap | undefined>,
    signal: AbortSignal,
  ): Promise<PlainMap> {
    signal.throwIfAborted();
    const unhurried = new AbortController().signal;
    try {
      return await this.#attempts(signal, async (earlierAnswerLost) => {
        const made = earlierAnswerLost ? await lookUp(unhurried) : undefined;
        return made ?? this.#send("POST", path, body, unhurried);
      });
    } catch (error) {
      const made = signal.aborted ? await lookUp(unhurried) : undefined;
      if (made === undefined) throw error;
      return made;
    }
  }

  /** Lets the connections go, once what is under way is answered. */
  async close(): Promise<void> {
    await this.#agent.close();
  }

  #repeat(method: Method, path: string, body: PlainMap | undefined, signal: AbortSignal): Promise<PlainMap> {
    return this.#attempts(signal, () => this.#send(method, path, body, signal));
  }

  async #attempts<T>(signal: AbortSignal, attempt: (earlierAnswerLost: boolean) => Promise<T>): Promise<T> {
    const { attempts, backoffMs, endpoint } = this.#options;
    let failure: unknown;
    for (let count = 0; count < attempts; count++) {
      try {
        return await attempt(count > 0);
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
        failure = error.cause;
        const wait = error.retryAfterMs ?? Math.min(backoffMs * 2 ** count, LONGEST_BACKOFF_MS);
        await sleep(wait, undefined, { signal });
      }
    }
    throw failure instanceof ApiError ? failure : new UnreachableError(endpoint, attempts, failure);
  }

  async #send(
    method: Method,
    path: string,
    body: PlainMap | undefined,
    signal: AbortSignal,
    headers: Headers = {},
  ): Promise<PlainMap> {
    const { endpoint, token } = this.#options;
    let status: number;
    let text: string;
    let retryAfter: string | string[] | undefined;
    try {
      const response = await request(`${endpoint}${path}`, {
        method,
        dispatcher: this.#agent,
        signal,
        headers: {
          ...headers,
          authorization: `Bearer ${token}`,
          accept: "application/json",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      status = response.statusCode;
      retryAfter = response.headers["retry-after"];
      text = await response.body.text();
    } catch (error) {
      signal.throwIfAborted();
      throw new Unanswered(error);
    }
    if (status < 300) return parse(text);
    const refusal = new ApiError(method, path, status, parse(text));
    if (status !== 429 && status < 500) throw refusal;
    throw new Unanswered(refusal, status === 429 ? retryAfterMs(retryAfter) : undefined);
  }
}

/** What is no JSON object (a proxy's error page) is told as the message of an error. */
function parse(text: string): PlainMap {
  if (text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as PlainMap) : { message: text };
  } catch {
    return { message: text.slice(0, 200) };
  }
}

function retryAfterMs(header: string | string[] | undefined): number | undefined {
  const seconds = Number(Array.isArray(header) ? header[0] : header);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1000, 10_000) : undefined;
}
