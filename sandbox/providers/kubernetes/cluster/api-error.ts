import { ProviderError } from "../../kit/errors.ts";
import type { PlainValue } from "../../kit/values.ts";
import type { PlainMap } from "../objects/object.ts";
import { isMap, listAt, numberAt, textAt } from "../objects/object.ts";

/** One thing that is wrong with a request, as the API server tells it. */
export interface StatusCause {
  /** The field, in the API server's notation; empty when no field is to blame. */
  readonly field: string;
  readonly message: string;
  readonly reason: string;
}

/** An answer of the API server that is no success. The message is for people: what was asked, what it said, why. */
export class ApiError extends ProviderError {
  override readonly name: string = "ApiError";
  /** The HTTP status. */
  readonly status: number;
  /** `NotFound`, `AlreadyExists`, `Conflict`, `Invalid`, ...; empty when the answer was no `Status`. */
  readonly reason: string;
  readonly causes: readonly StatusCause[];
  /** How long the server asks to wait before another try; undefined when it does not say. */
  readonly retryAfterMs: number | undefined;
  /** What the server said. */
  readonly serverMessage: string;
  /** The name of what the answer is about (`details.name`). */
  readonly about: { readonly kind: string; readonly name: string };

  constructor(request: string, status: number, body: PlainValue | string, retryAfterSeconds?: string) {
    const answer: PlainMap = typeof body !== "string" && isMap(body) ? body : {};
    const causes = listAt(answer, "details", "causes").map((cause) => ({
      field: textAt(cause, "field"),
      message: textAt(cause, "message"),
      reason: textAt(cause, "reason"),
    }));
    const serverMessage =
      textAt(answer, "message") || (typeof body === "string" ? body.trim() : "") || "no reason given";
    super(`${request}: ${status} ${explain(serverMessage, causes)}`);
    this.status = status;
    this.reason = textAt(answer, "reason");
    this.causes = causes;
    this.serverMessage = serverMessage;
    this.about = { kind: textAt(answer, "details", "kind"), name: textAt(answer, "details", "name") };
    const seconds = Number(
      retryAfterSeconds ?? numberAt(answer, ["details", "retryAfterSeconds"], Number.NaN),
    );
    this.retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
  }
}

/** The API server cannot be reached: refused, reset, timed out, or its certificate is not trusted. */
export class UnreachableError extends ProviderError {
  override readonly name: string = "UnreachableError";
  /** Whether another try may succeed. */
  readonly mayPass: boolean;

  constructor(message: string, mayPass: boolean) {
    super(message);
    this.mayPass = mayPass;
  }
}

/** Whether the error is the API server's answer with this reason. */
export function hasReason(error: unknown, reason: string): error is ApiError {
  return error instanceof ApiError && error.reason === reason;
}

/** Whether the object (not its namespace or its kind) is not there. */
export function isNotFound(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 404;
}

/** Several causes read better one a line. */
function explain(message: string, causes: readonly StatusCause[]): string {
  if (causes.length < 2) return message;
  const lines = causes.map(
    (cause) => `\n  - ${[cause.field, cause.message].filter((part) => part !== "").join(": ")}`,
  );
  return `${message}${lines.join("")}`;
}
