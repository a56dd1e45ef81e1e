import type { z } from "zod";
import type { Cloud } from "./context.ts";
import { unprocessable } from "./errors.ts";
import { type Page, paginate } from "./pagination.ts";
import { parseRequest } from "./validation.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The names between braces: `vpc_id` of `/v2/vpcs/{vpc_id}`. */
type PathParameter<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathParameter<Rest>
  : never;

/** A request as the app hands it over: nothing is checked yet. */
export interface RawRequest {
  readonly cloud: Cloud;
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** Absolute, with the query. */
  readonly url: URL;
}

/** A request whose body and query are what their schemas say. */
export interface EndpointRequest<Parameter extends string, Query, Body> {
  readonly cloud: Cloud;
  readonly params: Readonly<Record<Parameter, string>>;
  readonly query: Query;
  readonly body: Body;
  /**
   * The page of `items` the request asks for, under `key`.
   * @param show What the API shows of the items on that page alone. Default: the items themselves.
   */
  page<T>(key: string, items: readonly T[], show?: (shown: readonly T[]) => readonly unknown[]): Page;
}

/** Status and body of an answer. A body of undefined is an empty answer. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A body that is not JSON. */
export class TextBody {
  readonly contentType: string;
  readonly text: string;

  constructor(contentType: string, text: string) {
    this.contentType = contentType;
    this.text = text;
  }
}

/** One operation of the API. Made by {@link endpoint}. */
export interface Endpoint {
  readonly method: Method;
  /** As in the API's description: `/v2/vpcs/{vpc_id}`. */
  readonly path: string;
  run(request: RawRequest): Promise<Answer>;
}

interface Definition<P extends string, Query extends z.ZodType, Body extends z.ZodType> {
  readonly method: Method;
  readonly path: P;
  /** Status of the answer. Default: 201 for POST, 204 for DELETE, else 200. */
  readonly status?: number;
  /** Query parameters read by the handler, beside `page` and `per_page`. Unknown ones are ignored, as the API does. */
  readonly query?: Query;
  /** The body: a strict object, so that a misspelt field is refused. Without one, a body is ignored. */
  readonly body?: Body;
  /** Whether the header `X-Dangerous: true` must say that it is meant. Default false. */
  readonly dangerous?: boolean;
  /** Does it, and returns the body of the answer: JSON, or a {@link TextBody}. Refuses by throwing an `ApiError`. */
  handle(request: EndpointRequest<PathParameter<P>, z.output<Query>, z.output<Body>>): unknown;
}

const defaultStatus: Readonly<Record<Method, number>> = {
  GET: 200,
  POST: 201,
  PUT: 200,
  PATCH: 200,
  DELETE: 204,
};

/** Declares one operation: what it takes, and what it does. */
export function endpoint<
  P extends string,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
>(definition: Definition<P, Query, Body>): Endpoint {
  const { method, path, query, body } = definition;
  const status = definition.status ?? defaultStatus[method];
  return {
    method,
    path,
    run: async (raw) => {
      if (definition.dangerous === true && raw.headers["x-dangerous"] !== "true") {
        throw unprocessable("X-Dangerous: this request needs the header, with the value true");
      }
      const answer = await definition.handle({
        cloud: raw.cloud,
        params: raw.params as Record<PathParameter<P>, string>,
        query: (query === undefined ? undefined : parseRequest(query, raw.query)) as z.output<Query>,
        body: (body === undefined ? undefined : parseRequest(body, raw.body)) as z.output<Body>,
        page: (key, items, show) => paginate(key, items, raw.url, show),
      });
      return { status, body: answer };
    },
  };
}
