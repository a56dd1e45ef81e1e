import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Address } from "../addressing.ts";
import { S3Error } from "../errors.ts";

const algorithm = "AWS4-HMAC-SHA256";
const maxClockSkewMs = 15 * 60 * 1000;
const maxPresignedSeconds = 7 * 24 * 3600;
/** Said in the place of a body's hash: the signature does not cover the body. */
export const unsignedPayload = "UNSIGNED-PAYLOAD";

/** The parts of a request that a signature covers. */
export interface SignedRequest {
  readonly method: string;
  readonly address: Address;
  readonly headers: IncomingHttpHeaders;
}

/** A signature as the client presented it, in a header or in the query. Not verified yet. */
export interface PresentedSignature {
  readonly accessKey: string;
  /** `date/region/service/aws4_request` */
  readonly scope: string;
  /** `YYYYMMDDTHHMMSSZ` */
  readonly timestamp: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** The value of `x-amz-content-sha256`: a hash, or how the body is signed. */
  readonly payloadHash: string;
}

/** What the chunks of a signed stream are verified with. */
export interface SigningContext {
  readonly key: Buffer;
  readonly scope: string;
  readonly timestamp: string;
  readonly seedSignature: string;
}

/**
 * The signature a request carries, or undefined for an anonymous request.
 *
 * @throws S3Error where the signature is malformed, from another time, or expired
 */
export function readSignature(request: SignedRequest, now: Date): PresentedSignature | undefined {
  const query = new Map(request.address.query);
  if (query.has("X-Amz-Algorithm")) return readPresigned(query, request, now);
  const authorization = request.headers.authorization;
  return authorization === undefined ? undefined : readHeader(authorization, request, now);
}

/**
 * Verifies a signature with the key's secret.
 *
 * @throws S3Error SignatureDoesNotMatch
 */
export function verifySignature(
  request: SignedRequest,
  presented: PresentedSignature,
  secretKey: string,
): SigningContext {
  const key = signingKey(secretKey, presented.scope);
  const toSign = [
    algorithm,
    presented.timestamp,
    presented.scope,
    sha256Hex(canonicalRequest(request, presented)),
  ].join("\n");
  if (!sameText(hmacHex(key, toSign), presented.signature)) {
    throw new S3Error(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    );
  }
  return { key, scope: presented.scope, timestamp: presented.timestamp, seedSignature: presented.signature };
}

/** Hex SHA-256 of text or bytes. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** Hex HMAC-SHA-256. */
export function hmacHex(key: Buffer, text: string): string {
  return createHmac("sha256", key).update(text).digest("hex");
}

/** Compares in constant time. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest());
}

function readHeader(authorization: string, request: SignedRequest, now: Date): PresentedSignature {
  const [scheme = "", fields = ""] = split(authorization.trim(), " ");
  const field = new Map(fields.split(",").map((pair) => split(pair.trim(), "=")));
  const [credential, signedHeaders, signature] = [
    field.get("Credential"),
    field.get("SignedHeaders"),
    field.get("Signature"),
  ];
  if (scheme !== algorithm || !credential || !signedHeaders || !signature) {
    throw new S3Error(
      "AuthorizationHeaderMalformed",
      `The authorization header is malformed: expected "${algorithm} Credential=..., SignedHeaders=..., Signature=...".`,
    );
  }
  const timestamp = headerText(request.headers["x-amz-date"]) ?? "";
  const payloadHash = headerText(request.headers["x-amz-content-sha256"]);
  if (payloadHash === undefined) {
    throw new S3Error("InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
  }
  const skewMs = Math.abs(now.getTime() - parseTimestamp(timestamp, "AuthorizationHeaderMalformed"));
  if (skewMs > maxClockSkewMs) {
    throw new S3Error(
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
    );
  }
  return {
    ...readCredential(credential, timestamp, "AuthorizationHeaderMalformed"),
    timestamp,
    signedHeaders: checkSignedHeaders(signedHeaders, "AuthorizationHeaderMalformed"),
    signature,
    payloadHash,
  };
}

function readPresigned(
  query: ReadonlyMap<string, string>,
  request: SignedRequest,
  now: Date,
): PresentedSignature {
  const code = "AuthorizationQueryParametersError";
  const required = [
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
  ];
  const missing = required.filter((name) => !query.get(name));
  if (query.get("X-Amz-Algorithm") !== algorithm || missing.length > 0) {
    throw new S3Error(
      code,
      `Query-string authentication version 4 requires X-Amz-Algorithm=${algorithm}, ${required.join(", ")}.`,
    );
  }
  const expiresSeconds = Number(query.get("X-Amz-Expires"));
  if (!Number.isInteger(expiresSeconds) || expiresSeconds < 1 || expiresSeconds > maxPresignedSeconds) {
    throw new S3Error(code, `X-Amz-Expires must be a number of seconds from 1 to ${maxPresignedSeconds}.`);
  }
  const timestamp = query.get("X-Amz-Date") ?? "";
  const signedAtMs = parseTimestamp(timestamp, code);
  if (signedAtMs - maxClockSkewMs > now.getTime())
    throw new S3Error("AccessDenied", "Request is not valid yet");
  if (signedAtMs + expiresSeconds * 1000 < now.getTime()) {
    throw new S3Error("AccessDenied", "Request has expired", {
      details: { Expires: new Date(signedAtMs + expiresSeconds * 1000).toISOString() },
    });
  }
  return {
    ...readCredential(query.get("X-Amz-Credential") ?? "", timestamp, code),
    timestamp,
    signedHeaders: checkSignedHeaders(query.get("X-Amz-SignedHeaders") ?? "", code),
    signature: query.get("X-Amz-Signature") ?? "",
    payloadHash:
      headerText(request.headers["x-amz-content-sha256"]) ??
      query.get("X-Amz-Content-Sha256") ??
      unsignedPayload,
  };
}

type MalformedCode = "AuthorizationHeaderMalformed" | "AuthorizationQueryParametersError";

function readCredential(
  credential: string,
  timestamp: string,
  code: MalformedCode,
): { accessKey: string; scope: string } {
  const parts = credential.split("/");
  const [service, terminator] = parts.slice(-2);
  if (parts.length !== 5 || service !== "s3" || terminator !== "aws4_request") {
    throw new S3Error(
      code,
      `The credential is malformed: expected "<key>/<date>/<region>/s3/aws4_request", not "${credential}".`,
    );
  }
  if (parts[1] !== timestamp.slice(0, 8)) {
    throw new S3Error(
      code,
      `Invalid credential date "${parts[1]}". This date is not the same as X-Amz-Date: "${timestamp.slice(0, 8)}".`,
    );
  }
  return { accessKey: parts[0] ?? "", scope: parts.slice(1).join("/") };
}

function checkSignedHeaders(list: string, code: MalformedCode): string[] {
  const names = list.split(";");
  if (!names.includes("host")) throw new S3Error(code, "The host header must be signed.");
  return names;
}

function parseTimestamp(timestamp: string, code: MalformedCode): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp);
  if (match === null)
    throw new S3Error(code, `X-Amz-Date must be in the form YYYYMMDDTHHMMSSZ, not "${timestamp}".`);
  const [, year, month, day, hour, minute, second] = match.map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
}

function canonicalRequest(request: SignedRequest, presented: PresentedSignature): string {
  const { headers, address } = request;
  const canonicalHeaders = presented.signedHeaders.map(
    (name) => `${name}:${(headerText(headers[name]) ?? "").trim().replace(/\s+/g, " ")}\n`,
  );
  const canonicalQuery = address.query
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([nameA, valueA], [nameB, valueB]) => order(nameA, nameB) || order(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  return [
    request.method,
    decodeURIComponent(address.rawPath).split("/").map(encode).join("/"),
    canonicalQuery,
    canonicalHeaders.join(""),
    presented.signedHeaders.join(";"),
    presented.payloadHash,
  ].join("\n");
}

function signingKey(secretKey: string, scope: string): Buffer {
  let key = Buffer.from(`AWS4${secretKey}`);
  for (const part of scope.split("/")) key = createHmac("sha256", key).update(part).digest();
  return key;
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(",") : value;
}

function split(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
