/** How DigitalOcean's API is reached. */
export interface ApiAccess {
  /** Without a slash at its end. */
  readonly apiUrl: string;
  /** Asked before each call, so that a new token takes effect without a restart. */
  readonly token: () => Promise<string>;
  readonly timeoutMs: number;
}

/** DigitalOcean's API refused, did not answer, or answered what is not expected. */
export class ApiError extends Error {
  override readonly name = "ApiError";
}

/** DigitalOcean's API. */
export class DigitalOcean {
  readonly #access: ApiAccess;

  constructor(access: ApiAccess) {
    this.#access = access;
  }

  /** @throws ApiError when it refuses, and what `fetch` throws when it does not answer */
  async call(method: "GET" | "PUT", path: string, body?: object): Promise<unknown> {
    const { apiUrl, token, timeoutMs } = this.#access;
    const answer = await fetch(`${apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${await token()}`, "content-type": "application/json" },
      signal: AbortSignal.timeout(timeoutMs),
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new ApiError(`${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
    return JSON.parse(text);
  }
}
