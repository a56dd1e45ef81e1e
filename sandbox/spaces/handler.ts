import type { IncomingMessage, ServerResponse } from "node:http";
import { type FaultPlan, waitOut } from "../faults/plan.ts";
import type { Recording } from "../recording/recording.ts";
import { type Address, parseAddress } from "./addressing.ts";
import { Answer } from "./answer.ts";
import { authorise, type Caller } from "./auth/access.ts";
import { readSignature, type SigningContext, verifySignature } from "./auth/signature.ts";
import { corsHeaders } from "./cors.ts";
import { S3Error } from "./errors.ts";
import type { Bucket } from "./model.ts";
import { findOperation } from "./operations/index.ts";
import type { Operation, S3Response } from "./operations/operation.ts";
import { Payload } from "./payload.ts";
import type { SpacesState } from "./state.ts";

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
  readonly recording: Recording;
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
  const answer = new Answer(response, requestId, request.method === "HEAD");
  let payload: Payload | undefined;
  options.recording.follow({
    service: "spaces",
    requestId,
    request,
    response,
    now: () => options.now().getTime(),
    bodies: () => ({ request: payload?.summary, response: answer.summary }),
  });
  try {
    const address = parseAddress(request.url ?? "/", request.headers.host ?? "");
    const fault = options.faults.decide(request.method ?? "GET", pathOf(address));
    await waitOut(fault, "before");
    if (fault?.drop === "before") return void request.socket.destroy();
    if (fault?.status !== undefined) return answer.sendFault(fault.status);
    const bucket = findBucket(options.state, address);
    const method = request.headers["access-control-request-method"] ?? request.method ?? "GET";
    const headers = corsHeaders(bucket, request.headers, method);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (request.method === "OPTIONS") return answer.sendPreflight(headers);
    const authenticated = authenticate(options, request, address);
    payload = authenticated.payload;
    const outcome = await perform(options, request, { address, bucket, ...authenticated });
    await waitOut(fault, "after");
    if (fault?.drop === "after") return void request.socket.destroy();
    await answer.send(outcome);
  } catch (thrown) {
    // A client that has gone away needs no answer.
    if (response.destroyed || isReset(request.errored)) return;
    if (!(thrown instanceof S3Error)) options.onError(thrown);
    // Behind a body that was not read to its end no further request can be read.
    if (request.errored !== null) response.setHeader("connection", "close");
    answer.sendError(
      thrown instanceof S3Error
        ? thrown
        : new S3Error("InternalError", "We encountered an internal error. Please try again."),
    );
  }
}

/** Whether the client broke the connection off; a body that was not read to its end errs as well. */
function isReset(error: Error | null): boolean {
  return error !== null && "code" in error && error.code === "ECONNRESET";
}

/** What a request is about, and who sent it. */
interface Asked {
  readonly address: Address;
  /** Undefined where there is none of that name. */
  readonly bucket: Bucket | undefined;
  readonly caller: Caller;
  readonly payload: Payload;
  readonly now: Date;
}

async function perform(
  { state }: HandlerOptions,
  request: IncomingMessage,
  { address, bucket, caller, payload, now }: Asked,
): Promise<S3Response> {
  await state.settle(now);
  const method = request.method ?? "GET";
  const query = new Map(address.query);
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
  options: HandlerOptions,
  request: IncomingMessage,
  address: Address,
): Pick<Asked, "caller" | "payload" | "now"> {
  const now = options.now();
  const signed = { method: request.method ?? "GET", address, headers: request.headers };
  const presented = readSignature(signed, now);
  if (presented === undefined) {
    const payload = new Payload(request, request.headers, "", undefined);
    return { caller: { kind: "anonymous" }, payload, now };
  }
  const key = findKey(options, presented.accessKey);
  if (key === undefined) {
    throw new S3Error("InvalidAccessKeyId", "The access key ID you provided does not exist in our records.", {
      details: { AWSAccessKeyId: presented.accessKey },
    });
  }
  const signing: SigningContext = verifySignature(signed, presented, key.secretKey);
  return {
    caller: key.caller,
    payload: new Payload(request, request.headers, presented.payloadHash, signing),
    now,
  };
}

function findKey(
  { state, owner }: HandlerOptions,
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

function pathOf({ bucket, key }: Address): string {
  return `/${[bucket, key].filter((part) => part !== undefined).join("/")}`;
}
