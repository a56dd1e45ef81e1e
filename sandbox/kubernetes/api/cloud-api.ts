/** A client of the emulated DigitalOcean API: the cloud controller and the storage driver call it as the real ones do. */
import { type Dispatcher, request } from "undici";

/** Where the API is. Asked for at every call, because a port is known only once the server listens. */
export interface CloudEndpoint {
  /** Without a trailing slash, e.g. `http://127.0.0.1:8080`. */
  apiUrl: string;
  token: string;
}

/** The API refused a call. */
export class CloudApiError extends Error {
  override readonly name = "CloudApiError";
  readonly status: number;

  constructor(method: string, path: string, status: number, message: string) {
    super(`${method} ${path}: ${status} ${message}`);
    this.status = status;
  }
}

const CALL_TIMEOUT_MS = 30_000;
const PAGE_SIZE = 200;

/** Failures are thrown, not retried: whoever calls has a queue that tries again. */
export class CloudApi {
  private readonly endpoint: () => CloudEndpoint;
  private readonly signal: AbortSignal;

  /** @param signal ends the calls under way, and refuses further ones */
  constructor(endpoint: () => CloudEndpoint, signal: AbortSignal) {
    this.endpoint = endpoint;
    this.signal = signal;
  }

  get<T>(path: string): Promise<T> {
    return this.call<T>("GET", path);
  }

  /** @returns undefined when there is no such thing */
  async find<T>(path: string): Promise<T | undefined> {
    try {
      return await this.get<T>(path);
    } catch (error) {
      if (error instanceof CloudApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** All items of a collection, page after page. `property` names the list in the answer. */
  async list<T>(path: string, property: string): Promise<T[]> {
    const items: T[] = [];
    for (let page = 1; ; page++) {
      const separator = path.includes("?") ? "&" : "?";
      const answer = await this.get<Record<string, unknown>>(
        `${path}${separator}page=${page}&per_page=${PAGE_SIZE}`,
      );
      const found = answer[property];
      if (!Array.isArray(found)) throw new Error(`GET ${path}: the answer has no list ${property}`);
      items.push(...found);
      if (found.length < PAGE_SIZE) return items;
    }
  }

  post<T>(path: string, body: object): Promise<T> {
    return this.call<T>("POST", path, body);
  }

  put<T>(path: string, body: object): Promise<T> {
    return this.call<T>("PUT", path, body);
  }

  /** Deletes; what is gone already is fine. */
  async delete(path: string): Promise<void> {
    try {
      await this.call("DELETE", path);
    } catch (error) {
      if (!(error instanceof CloudApiError && error.status === 404)) throw error;
    }
  }

  private async call<T>(method: Dispatcher.HttpMethod, path: string, body?: object): Promise<T> {
    const { apiUrl, token } = this.endpoint();
    const response = await request(`${apiUrl}${path}`, {
      method,
      signal: AbortSignal.any([this.signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]),
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.body.text();
    if (response.statusCode >= 300) {
      throw new CloudApiError(method, path, response.statusCode, errorMessage(text));
    }
    return text === "" ? JSON.parse("null") : JSON.parse(text);
  }
}

function errorMessage(text: string): string {
  try {
    const { message, request_id: requestId } = JSON.parse(text);
    return requestId === undefined ? String(message) : `${message} (request ${requestId})`;
  } catch {
    return text;
  }
}
