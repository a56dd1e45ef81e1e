/** The ids of DigitalOcean's error bodies, by status. */
const errorIds: Readonly<Record<number, string>> = {
  400: "bad_request",
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  405: "method_not_allowed",
  409: "conflict",
  412: "precondition_failed",
  413: "payload_too_large",
  422: "unprocessable_entity",
  429: "too_many_requests",
  500: "server_error",
  501: "not_implemented",
  502: "bad_gateway",
  503: "service_unavailable",
  504: "gateway_timeout",
};

/** The id an error of this status bears: `not_found` for 404. */
export function errorId(status: number): string {
  return errorIds[status] ?? (status < 500 ? "bad_request" : "server_error");
}

/** A refusal as the API words it. Thrown anywhere in a family; the app turns it into status and body. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly id: string;

  constructor(status: number, message: string, id = errorId(status)) {
    super(message);
    this.status = status;
    this.id = id;
  }
}

/** 404, in the words of the API. */
export const notFound = (message = "The resource you were accessing could not be found."): ApiError =>
  new ApiError(404, message);

/** 409: what is there stands in the way. */
export const conflict = (message: string): ApiError => new ApiError(409, message);

/** 403: understood, and not allowed. */
export const forbidden = (message: string): ApiError => new ApiError(403, message);

/** 412: something has to be done first. */
export const preconditionFailed = (message: string): ApiError => new ApiError(412, message);

/** 422: the request is well formed and says something that cannot be. Several faults go into one message. */
export const unprocessable = (...problems: string[]): ApiError => new ApiError(422, problems.join("; "));

/** The document, or a 404. */
export function found<T>(document: T | undefined, message?: string): T {
  if (document === undefined) throw notFound(message);
  return document;
}

/** Refuses with 422 when any of the checks found a problem, naming them all. */
export function refuseIfAny(...problems: readonly (string | undefined)[]): void {
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length > 0) throw unprocessable(...found);
}
