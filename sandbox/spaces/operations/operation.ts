import type { IncomingHttpHeaders } from "node:http";
import type { Caller, Need } from "../auth/access.ts";
import type { Bucket } from "../model.ts";
import type { Payload } from "../payload.ts";
import type { SpacesState } from "../state.ts";
import { renderXml, type XmlContent } from "../xml.ts";

/** What an operation gets of a request that was authenticated and authorised. */
export interface S3Request {
  /** The endpoint's region; undefined where the host names none. */
  readonly region: string | undefined;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: IncomingHttpHeaders;
  readonly payload: Payload;
  readonly caller: Caller;
  readonly now: Date;
  /** Whether the caller may read an object, for copying from it. @throws S3Error */
  readonly authoriseRead: (bucket: Bucket, key: string) => void;
}

/** A request about a bucket that is there. */
export interface BucketRequest extends S3Request {
  readonly bucket: Bucket;
}

/** A request about an object, which may not be there. */
export interface ObjectRequest extends BucketRequest {
  readonly key: string;
}

/** A request to make a bucket. */
export interface NewBucketRequest extends S3Request {
  readonly bucketName: string;
}

/** An answer. Status 200 unless it says otherwise. */
export interface S3Response {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | AsyncIterable<Uint8Array>;
}

interface Described {
  /** S3's name of the operation. */
  readonly name: string;
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  /** The query parameters (or, with `x-`, the header) whose presence selects this operation; all of them. */
  readonly selectors: readonly string[];
  /** What a bucket's policy calls it, e.g. `s3:GetObject`. */
  readonly action: string;
  readonly need: Need;
}

type Handle<R> = (state: SpacesState, request: R) => S3Response | Promise<S3Response>;

/** One operation of the S3 API. */
export type Operation =
  | (Described & { readonly scope: "service"; readonly handle: Handle<S3Request> })
  | (Described & { readonly scope: "new-bucket"; readonly handle: Handle<NewBucketRequest> })
  | (Described & { readonly scope: "bucket"; readonly handle: Handle<BucketRequest> })
  | (Described & { readonly scope: "object"; readonly handle: Handle<ObjectRequest> });

/** An operation on a bucket that is there. */
export type BucketOperation = Extract<Operation, { scope: "bucket" }>;

/** An answer whose body is an XML document. */
export function xmlResponse(
  root: string,
  content: { readonly [name: string]: XmlContent | undefined },
  headers: Readonly<Record<string, string>> = {},
): S3Response {
  return { headers: { "content-type": "application/xml", ...headers }, body: renderXml(root, content) };
}

/** Done, and there is nothing to say. */
export const noContent: S3Response = { status: 204 };

/** The owner that every bucket and object of this account shows. */
export const accountOwner = { ID: "1", DisplayName: "sandbox" } as const;
