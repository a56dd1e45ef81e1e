import { ProviderError } from "../../kit/index.ts";

/** DigitalOcean's answer when it refuses a request. */
export class ApiError extends ProviderError {
  override readonly name = "ApiError";
  /** The HTTP status. */
  readonly status: number;
  /** What DigitalOcean calls the error: `unprocessable_entity`, `not_found`, ... */
  readonly code: string;
  /** DigitalOcean's own words. */
  readonly reason: string;

  constructor(method: string, path: string, status: number, body: unknown) {
    const { id, message, request_id } = body as { id?: string; message?: string; request_id?: string };
    const reason = message ?? "no reason given";
    const request = request_id === undefined ? "" : ` (request ${request_id})`;
    super(
      `DigitalOcean refused ${method} ${path} with ${status} ${id ?? ""}: ${reason}${request}${REMEDIES[status] ?? ""}`,
    );
    this.status = status;
    this.code = id ?? "";
    this.reason = reason;
  }
}

const REMEDIES: Readonly<Record<number, string>> = {
  401: ". Check the token: the provider's `token`, or DIGITALOCEAN_TOKEN",
  429: ". The account's rate limit is used up: wait, or lower the engine's --parallel",
};

/** Nobody answers at the endpoint, however often it is asked. */
export class UnreachableError extends ProviderError {
  override readonly name = "UnreachableError";

  constructor(endpoint: string, attempts: number, cause: unknown) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    super(
      `DigitalOcean's API at ${endpoint} did not answer in ${attempts} attempts (${detail}): is it running, and is ` +
        "DIGITALOCEAN_API_URL right?",
      { cause },
    );
  }
}

/** Whether the error says that there is no such thing. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
