import { createHash } from "node:crypto";
import { S3Error } from "../errors.ts";
import { hmacHex, type SigningContext, sameText, sha256Hex } from "./signature.ts";

const maxLineBytes = 16 * 1024;
const emptyHash = sha256Hex("");

/** The trailing headers of a body, lower case; filled when the body has been read to its end. */
export type Trailers = Map<string, string>;

/**
 * Takes the `aws-chunked` framing off a body and verifies each chunk's signature.
 *
 * @param signing absent for a stream whose chunks are not signed
 * @param trailers receives the trailing headers
 * @throws S3Error IncompleteBody, SignatureDoesNotMatch
 */
export async function* decodeChunked(
  source: AsyncIterable<Uint8Array>,
  signing: SigningContext | undefined,
  trailers: Trailers,
): AsyncGenerator<Uint8Array> {
  const reader = new Reader(source);
  let previousSignature = signing?.seedSignature ?? "";
  for (;;) {
    const { sizeBytes, signature } = parseChunkHeader(await reader.line());
    const hash = createHash("sha256");
    for await (const piece of reader.bytes(sizeBytes)) {
      hash.update(piece);
      yield piece;
    }
    if (signing !== undefined) {
      verifyChunk(signing, previousSignature, signature, hash.digest("hex"));
      previousSignature = signature;
    }
    if (sizeBytes === 0) break;
    if ((await reader.line()) !== "") throw incomplete("a chunk is longer than its header says");
  }
  await readTrailers(reader, trailers);
  if (signing !== undefined && trailers.size > 0) verifyTrailers(signing, previousSignature, trailers);
}

function parseChunkHeader(line: string): { sizeBytes: number; signature: string } {
  const match = /^([0-9a-f]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(line);
  if (match === null) throw incomplete("a chunk has no valid header");
  return { sizeBytes: Number.parseInt(match[1] ?? "0", 16), signature: match[2] ?? "" };
}

async function readTrailers(reader: Reader, trailers: Trailers): Promise<void> {
  for (;;) {
    const line = await reader.line({ endOfBodyIsEmpty: true });
    if (line === "") return;
    const colon = line.indexOf(":");
    if (colon < 1) throw incomplete(`the trailer "${line}" is not a header`);
    trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
}

function verifyChunk(signing: SigningContext, previous: string, presented: string, hash: string): void {
  const toSign = ["AWS4-HMAC-SHA256-PAYLOAD", signing.timestamp, signing.scope, previous, emptyHash, hash];
  if (!sameText(hmacHex(signing.key, toSign.join("\n")), presented)) throw mismatch("a chunk");
}

function verifyTrailers(signing: SigningContext, previous: string, trailers: Trailers): void {
  const presented = trailers.get("x-amz-trailer-signature");
  const canonical = [...trailers]
    .filter(([name]) => name !== "x-amz-trailer-signature")
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
    .join("");
  const toSign = [
    "AWS4-HMAC-SHA256-TRAILER",
    signing.timestamp,
    signing.scope,
    previous,
    sha256Hex(canonical),
  ];
  if (presented === undefined || !sameText(hmacHex(signing.key, toSign.join("\n")), presented)) {
    throw mismatch("the trailers");
  }
}

/** Reads lines and counted bytes from a stream of pieces. */
class Reader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#pieces = source[Symbol.asyncIterator]();
  }

  /** The next line without its CRLF. */
  async line(options: { endOfBodyIsEmpty?: boolean } = {}): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf("\r\n");
      if (end !== -1) {
        const line = this.#rest.toString("utf8", 0, end);
        this.#rest = this.#rest.subarray(end + 2);
        return line;
      }
      if (this.#rest.length > maxLineBytes) throw incomplete("a chunk has no valid header");
      if (!(await this.#more())) {
        if (options.endOfBodyIsEmpty === true && this.#rest.length === 0) return "";
        throw incomplete("it ends within a chunk");
      }
    }
  }

  /** The next `count` bytes, piece by piece. */
  async *bytes(count: number): AsyncGenerator<Uint8Array> {
    let missing = count;
    while (missing > 0) {
      if (this.#rest.length === 0 && !(await this.#more())) throw incomplete("it ends within a chunk");
      const piece = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(piece.length);
      missing -= piece.length;
      yield piece;
    }
  }

  async #more(): Promise<boolean> {
    const next = await this.#pieces.next();
    if (next.done === true) return false;
    this.#rest = this.#rest.length === 0 ? Buffer.from(next.value) : Buffer.concat([this.#rest, next.value]);
    return true;
  }
}

function incomplete(problem: string): S3Error {
  return new S3Error("IncompleteBody", `The aws-chunked body cannot be read: ${problem}.`);
}

function mismatch(what: string): S3Error {
  return new S3Error(
    "SignatureDoesNotMatch",
    `The signature of ${what} of the streamed body does not match.`,
  );
}
