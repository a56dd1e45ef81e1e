import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { FaultPlan } from "../faults/plan.ts";
import { type Address, parseAddress } from "./addressing.ts";
import { authorise, type Caller } from "./auth/access.ts";
import { readSignature, type SigningContext, verifySignature } from "./auth/signature.ts";
import { corsHeaders } from "./cors.ts";
import { S3Error } from "./errors.ts";
import type { Bucket } from "./model.ts";
import { findOperation } from "./operations/index.ts";
import type { Operation, S3Response } from "./operations/operation.ts";
import { Payload } from "./payload.ts";
import type { SpacesState } from "./state.ts";
import { renderXml } from "./xml.ts";

/** The key that may do everything. */
export interface OwnerKey {
  readonly accessKey: string;
  readonly secretKey: string;
}

/** What the handler of requests works with. */
export interface HandlerOptions {
  readonly state: SpacesState;
  readonly owner: OwnerKey;
  readonly now: () => Date;
  /** What is to go wrong; asked by path style (`/bucket/key`), however the client addressed it. */
  readonly faults: FaultPlan;
  /** Told of failures that are not the client's doing. */
  readonly onError: (error: unknown) => void;
}

/** Answers one request; never rejects. */
export async function handle(
  options: HandlerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<void> {
  response.setHeader("x-amz-request-id", requestId);
  try {
    const address = parseAddress(request.url ?? "/", request.headers.host ?? "");
    const fault = options.faults.decide(request.method ?? "GET", pathOf(address));
    if (fault?.latencyMs !== undefined) await sleep(fault.latencyMs);
    if (fault?.drop === "before") return void request.socket.destroy();
    if (fault?.status !== undefined) return answerFault(response, fault.status, requestId);
    const bucket = findBucket(options.state, address);
    const method = request.headers["access-control-request-method"] ?? request.method ?? "GET";
    const headers = corsHeaders(bucket, request.headers, method);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (request.method === "OPTIONS") return answerPreflight(response, headers);
    const answer = await perform(options, request, address, bucket);
    if (fault?.drop === "after") return void request.socket.destroy();
    await send(response, request.method === "HEAD", answer);
  } catch (error) {
    answerError(options, request, response, requestId, error);
  }
}

async function perform(
  options: HandlerOptions,
  request: IncomingMessage,
  address: Address,
  bucket: Bucket | undefined,
): Promise<S3Response> {
  const { state, owner } = options;
  const now = options.now();
  const method = request.method ?? "GET";
  const query = new Map(address.query);
  const { caller, payload } = authenticate(request, address, now, (accessKey) =>
    findKey(state, owner, accessKey),
  );
  const scope = address.bucket === undefined ? "service" : address.key === undefined ? "bucket" : "object";
  const operation = findOperation(method, scope, (selector) =>
    selector.startsWith("x-") ? request.headers[selector] !== undefined : query.has(selector),
  );
  const conditions = {
    // The endpoint stands for one that is reached over TLS only.
    "aws:SecureTransport": "true",
    "aws:SourceIp": request.socket.remoteAddress ?? "",
    "aws:UserAgent": request.headers["user-agent"] ?? "",
    ...(request.headers.referer === undefined ? {} : { "aws:Referer": request.headers.referer }),
    ...(query.has("prefix") ? { "s3:prefix": query.get("prefix") ?? "" } : {}),
  };
  const found =
    operation.scope === "service" || operation.scope === "new-bucket"
      ? undefined
      : requireBucket(bucket, address);
  const objectKey = operation.scope === "object" ? address.key : undefined;
  authorise({
    caller,
    need: operation.need,
    action: operation.action,
    bucket: found,
    conditions,
    readableUnder: readableUnder(state, operation, found, objectKey, query.get("versionId")),
    ...(objectKey === undefined ? {} : { key: objectKey }),
  });
  const authoriseRead = (source: Bucket, key: string): void =>
    authorise({
      caller,
      need: "read",
      action: "s3:GetObject",
      bucket: source,
      key,
      conditions,
      readableUnder: readableObjectAcl(state, source, key, undefined),
    });
  const { region } = address;
  const common = { region, query, headers: request.headers, payload, caller, now, authoriseRead };
  return run(operation, state, common, found, address);
}

function run(
  operation: Operation,
  state: SpacesState,
  common: Parameters<Extract<Operation, { scope: "service" }>["handle"]>[1],
  bucket: Bucket | undefined,
  address: Address,
): S3Response | Promise<S3Response> {
  if (operation.scope === "service") return operation.handle(state, common);
  if (operation.scope === "new-bucket") {
    return operation.handle(state, { ...common, bucketName: address.bucket ?? "" });
  }
  const found = requireBucket(bucket, address);
  if (operation.scope === "bucket") return operation.handle(state, { ...common, bucket: found });
  return operation.handle(state, { ...common, bucket: found, key: address.key ?? "" });
}

function authenticate(
  request: IncomingMessage,
  address: Address,
  now: Date,
  findKeyOf: (accessKey: string) => { caller: Caller; secretKey: string } | undefined,
): { caller: Caller; payload: Payload } {
  const signed = { method: request.method ?? "GET", address, headers: request.headers };
  const presented = readSignature(signed, now);
  if (presented === undefined) {
    return { caller: { kind: "anonymous" }, payload: new Payload(request, request.headers, "", undefined) };
  }
  const key = findKeyOf(presented.accessKey);
  if (key === undefined) {
    throw new S3Error("InvalidAccessKeyId", "The access key ID you provided does not exist in our records.", {
      details: { AWSAccessKeyId: presented.accessKey },
    });
  }
  const signing: SigningContext = verifySignature(signed, presented, key.secretKey);
  return {
    caller: key.caller,
    payload: new Payload(request, request.headers, presented.payloadHash, signing),
  };
}

function findKey(
  state: SpacesState,
  owner: OwnerKey,
  accessKey: string,
): { caller: Caller; secretKey: string } | undefined {
  if (accessKey === owner.accessKey)
    return { caller: { kind: "owner", accessKey }, secretKey: owner.secretKey };
  const key = state.keys.get(accessKey);
  return key && { caller: { kind: "key", key }, secretKey: key.secretKey };
}

/** The bucket a request names, if it is there; a bucket is not seen through another region's endpoint. */
function findBucket(state: SpacesState, { bucket, region }: Address): Bucket | undefined {
  const found = bucket === undefined ? undefined : state.findBucket(bucket);
  return region === undefined || found?.region === region ? found : undefined;
}

function requireBucket(bucket: Bucket | undefined, address: Address): Bucket {
  if (bucket !== undefined) return bucket;
  throw new S3Error("NoSuchBucket", "The specified bucket does not exist.", {
    details: { BucketName: address.bucket ?? "" },
  });
}

/** The ACL that decides whether anybody may read. */
function readableUnder(
  state: SpacesState,
  operation: Operation,
  bucket: Bucket | undefined,
  key: string | undefined,
  versionId: string | undefined,
) {
  if (bucket === undefined) return undefined;
  if (operation.action === "s3:ListBucket") return bucket.acl;
  if (operation.action !== "s3:GetObject" || key === undefined) return undefined;
  return readableObjectAcl(state, bucket, key, versionId);
}

function readableObjectAcl(state: SpacesState, bucket: Bucket, key: string, versionId: string | undefined) {
  const versions = state.objects.versions(bucket.name, key);
  const version =
    versionId === undefined ? versions[0] : versions.find((each) => each.versionId === versionId);
  return version?.kind === "object" ? version.acl : undefined;
}

async function send(
  response: ServerResponse,
  isHead: boolean,
  { status, headers, body }: S3Response,
): Promise<void> {
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
  response.statusCode = status ?? 200;
  if (isHead || body === undefined) {
    response.end();
  } else if (typeof body === "string") {
    response.setHeader("content-length", Buffer.byteLength(body));
    response.end(body);
  } else {
    await pipeline(Readable.from(body, { objectMode: false }), response);
  }
}

function pathOf({ bucket, key }: Address): string {
  return `/${[bucket, key].filter((part) => part !== undefined).join("/")}`;
}

function answerFault(response: ServerResponse, status: number, requestId: string): void {
  const message = "This answer is a fault injected by the sandbox.";
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(renderXml("Error", { Code: "InjectedFault", Message: message, RequestId: requestId }));
}

function answerPreflight(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  if (headers["access-control-allow-origin"] === undefined) {
    throw new S3Error(
      "AccessDenied",
      "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
    );
  }
  response.end();
}

function answerError(
  options: HandlerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  thrown: unknown,
): void {
  // A client that has gone away needs no answer.
  if (response.destroyed || request.errored !== null) return;
  if (!(thrown instanceof S3Error)) options.onError(thrown);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const error =
    thrown instanceof S3Error
      ? thrown
      : new S3Error("InternalError", "We encountered an internal error. Please try again.");
  for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  response.statusCode = error.status;
  if (request.method === "HEAD" || error.status === 304) {
    response.end();
    return;
  }
  const body = renderXml("Error", {
    Code: error.code,
    Message: error.message,
    ...error.details,
    RequestId: requestId,
  });
  response.setHeader("content-type", "application/xml");
  response.setHeader("content-length", Buffer.byteLength(body));
  response.end(body);
}
