import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { decodeChunked, type Trailers } from "./auth/chunked.ts";
import { type SigningContext, unsignedPayload } from "./auth/signature.ts";
import { checksumAlgorithms, type Digester } from "./checksum.ts";
import { S3Error } from "./errors.ts";
import type { Checksum } from "./model.ts";

/** 5 GiB: the most one PUT may carry. */
const maxBodyBytes = 5 * 1024 ** 3;
const maxDocumentBytes = 1024 ** 2;

/** What is known of a body once it has been read and found to be what the client said. */
export interface PayloadFacts {
  readonly sizeBytes: number;
  readonly md5Hex: string;
  /** The checksum the client sent, verified. */
  readonly checksum?: Checksum;
}

/** A request's body: unframed, and verified against every digest the client gave, at its end. */
export class Payload {
  readonly #source: AsyncIterable<Uint8Array>;
  readonly #headers: IncomingHttpHeaders;
  readonly #payloadHash: string;
  readonly #signing: SigningContext | undefined;
  #facts: PayloadFacts | undefined;
  #bytesRead = 0;
  #document: string | undefined;

  /**
   * @param payloadHash what `x-amz-content-sha256` said: a hash, or how the body is signed
   * @param signing absent for an anonymous request
   * @throws S3Error where the payload hash is neither
   */
  constructor(
    source: AsyncIterable<Uint8Array>,
    headers: IncomingHttpHeaders,
    payloadHash: string,
    signing: SigningContext | undefined,
  ) {
    this.#source = source;
    this.#headers = headers;
    this.#payloadHash = checkPayloadHash(payloadHash, signing !== undefined);
    this.#signing = signing;
  }

  /** The facts of the body; there once `stream` has been read to its end. */
  get facts(): PayloadFacts {
    if (this.#facts === undefined)
      throw new Error("the facts of a body are known at its end: read `stream` first");
    return this.#facts;
  }

  /** What has been read of it, for a recording: a document as text, else how many bytes; undefined when there were none. */
  get summary(): string | undefined {
    return this.#document ?? (this.#bytesRead === 0 ? undefined : `[${this.#bytesRead} bytes]`);
  }

  /**
   * The bytes.
   *
   * @throws S3Error at the end, where a length, a hash, a checksum or a signature is not what the client said
   */
  async *stream(): AsyncGenerator<Uint8Array> {
    const trailers: Trailers = new Map();
    const md5 = createHash("md5");
    const sha256 = createHash("sha256");
    const announced = announcedChecksum(this.#headers);
    let sizeBytes = 0;
    for await (const chunk of this.#unframed(trailers)) {
      sizeBytes += chunk.length;
      this.#bytesRead = sizeBytes;
      if (sizeBytes > maxBodyBytes) {
        throw new S3Error("EntityTooLarge", "Your proposed upload exceeds the maximum allowed object size.");
      }
      md5.update(chunk);
      if (this.#hasHash()) sha256.update(chunk);
      announced?.digester.update(chunk);
      yield chunk;
    }
    if (this.#hasHash() && sha256.digest("hex") !== this.#payloadHash) {
      throw new S3Error(
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
      );
    }
    checkLength(sizeBytes, this.#headers);
    const md5Bytes = md5.digest();
    checkMd5(md5Bytes, this.#headers["content-md5"]);
    const checksum = announced && checkChecksum(announced, this.#headers, trailers);
    this.#facts = { sizeBytes, md5Hex: md5Bytes.toString("hex"), ...(checksum ? { checksum } : {}) };
  }

  /** The whole body as text; for the small documents of settings. */
  async text(): Promise<string> {
    const chunks: Uint8Array[] = [];
    let sizeBytes = 0;
    for await (const chunk of this.stream()) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxDocumentBytes) {
        throw new S3Error("EntityTooLarge", `The document is larger than ${maxDocumentBytes} bytes.`);
      }
      chunks.push(chunk);
    }
    this.#document = Buffer.concat(chunks).toString("utf8");
    return this.#document;
  }

  #unframed(trailers: Trailers): AsyncIterable<Uint8Array> {
    if (!this.#payloadHash.startsWith("STREAMING-")) return this.#source;
    const signed = this.#payloadHash.startsWith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
    if (!signed && this.#payloadHash !== "STREAMING-UNSIGNED-PAYLOAD-TRAILER") {
      throw new S3Error("NotImplemented", `Bodies signed as ${this.#payloadHash} are not supported.`);
    }
    return decodeChunked(this.#source, signed ? this.#signing : undefined, trailers);
  }

  #hasHash(): boolean {
    return /^[0-9a-f]{64}$/.test(this.#payloadHash);
  }
}

/** What is no hash would pass for a body that nobody checks. @returns It, a hash in lower case */
function checkPayloadHash(payloadHash: string, isSigned: boolean): string {
  if (/^[0-9a-f]{64}$/i.test(payloadHash)) return payloadHash.toLowerCase();
  if (!isSigned || payloadHash === unsignedPayload || payloadHash.startsWith("STREAMING-"))
    return payloadHash;
  throw new S3Error(
    "InvalidArgument",
    "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD or a valid sha256 value.",
    { details: { ArgumentName: "x-amz-content-sha256", ArgumentValue: payloadHash } },
  );
}

interface AnnouncedChecksum {
  readonly algorithm: string;
  readonly digester: Digester;
}

/** The checksum that stands in a header or is announced as a trailer. */
function announcedChecksum(headers: IncomingHttpHeaders): AnnouncedChecksum | undefined {
  const trailer = String(headers["x-amz-trailer"] ?? "").toLowerCase();
  for (const [algorithm, create] of Object.entries(checksumAlgorithms)) {
    const name = `x-amz-checksum-${algorithm}`;
    if (headers[name] !== undefined || trailer.includes(name)) return { algorithm, digester: create() };
  }
  return undefined;
}

function checkChecksum(
  { algorithm, digester }: AnnouncedChecksum,
  headers: IncomingHttpHeaders,
  trailers: Trailers,
): Checksum {
  const name = `x-amz-checksum-${algorithm}`;
  const value = digester.digest();
  if (value !== (headers[name] ?? trailers.get(name))) {
    throw new S3Error(
      "BadDigest",
      `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
    );
  }
  return { algorithm, value };
}

function checkLength(sizeBytes: number, headers: IncomingHttpHeaders): void {
  const announced = headers["x-amz-decoded-content-length"];
  if (announced !== undefined && Number(announced) !== sizeBytes) {
    throw new S3Error(
      "IncompleteBody",
      `The body has ${sizeBytes} bytes; the request announced ${announced}.`,
    );
  }
}

function checkMd5(md5: Buffer, header: string | string[] | undefined): void {
  if (header === undefined) return;
  const announced = Buffer.from(String(header), "base64");
  if (announced.length !== md5.length) {
    throw new S3Error("InvalidDigest", "The Content-MD5 you specified is not valid.");
  }
  if (!announced.equals(md5)) {
    throw new S3Error("BadDigest", "The Content-MD5 you specified did not match what we received.");
  }
}
