import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAddress } from "../../../sandbox/spaces/addressing.ts";
import { decodeChunked } from "../../../sandbox/spaces/auth/chunked.ts";
import {
  readSignature,
  type SigningContext,
  verifySignature,
} from "../../../sandbox/spaces/auth/signature.ts";
import { Payload } from "../../../sandbox/spaces/payload.ts";

/** The examples of Amazon's own description of Signature Version 4 for S3. */
const accessKey = "AKIAIOSFODNN7EXAMPLE";
const secretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const host = "examplebucket.s3.amazonaws.com";
const at = new Date("2013-05-24T00:00:00Z");
const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const credential = `Credential=${accessKey}/20130524/us-east-1/s3/aws4_request`;

const request = (method: string, target: string, headers: Record<string, string>) => ({
  method,
  address: parseAddress(target, host),
  headers: { host, "x-amz-date": "20130524T000000Z", ...headers },
});

const rangeRead = (change: Record<string, string> = {}) =>
  request("GET", "/test.txt", {
    range: "bytes=0-9",
    "x-amz-content-sha256": emptyHash,
    authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41`,
    ...change,
  });

const presigned = (expires = "86400") =>
  request(
    "GET",
    `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${accessKey}%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=${expires}&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404`,
    {},
  );

const verify = (signed: ReturnType<typeof request>, now = at): SigningContext => {
  const presented = readSignature(signed, now);
  if (presented === undefined) throw new Error("anonymous");
  expect(presented.accessKey).toBe(accessKey);
  return verifySignature(signed, presented, secretKey);
};

describe("a signature in a header", () => {
  it("is the one that Amazon's example has", () => {
    expect(() => verify(rangeRead())).not.toThrow();
  });

  it("covers what it names", () => {
    expect(() => verify(rangeRead({ range: "bytes=0-8" }))).toThrow(/does not match/);
    expect(() => verify({ ...rangeRead(), method: "PUT" })).toThrow(/does not match/);
  });

  it("holds for a quarter of an hour", () => {
    const later = (minutes: number) => new Date(at.getTime() + minutes * 60_000);
    expect(() => verify(rangeRead(), later(15))).not.toThrow();
    expect(() => verify(rangeRead(), later(16))).toThrow(/too large/);
    expect(() => verify(rangeRead(), later(-16))).toThrow(/too large/);
  });

  it.each([
    ["another scheme", { authorization: "AWS AKIA:signature" }],
    ["no signature", { authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host` }],
    [
      "an unsigned host",
      { authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=range, Signature=00` },
    ],
    [
      "a short credential",
      { authorization: "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=00" },
    ],
    ["a date in another form", { "x-amz-date": "2013-05-24" }],
    ["the credential of another day", { "x-amz-date": "20130523T235959Z" }],
  ])("is malformed with %s", (_fault, change) => {
    expect(() => readSignature(rangeRead(change), at)).toThrow(expect.objectContaining({ status: 400 }));
  });
});

describe("a signature in the query", () => {
  it("is the one that Amazon's example has, until it expires", () => {
    expect(() => verify(presigned())).not.toThrow();
    expect(() => verify(presigned(), new Date("2013-05-24T23:59:59Z"))).not.toThrow();
    expect(() => verify(presigned(), new Date("2013-05-25T00:00:01Z"))).toThrow(/expired/);
  });

  it.each(["0", "604801", "soon"])("does not hold for %s seconds", (expires) => {
    expect(() => readSignature(presigned(expires), at)).toThrow(/X-Amz-Expires/);
  });
});

describe("the hash of a signed body", () => {
  const key = { key: Buffer.alloc(32), scope: "", timestamp: "", seedSignature: "" };
  const read = async (hash: string) => {
    const payload = new Payload(Readable.from([Buffer.from("text")]), {}, hash, key);
    for await (const piece of payload.stream()) expect(piece).toHaveLength(4);
  };
  const ofText = createHash("sha256").update("text").digest("hex");

  it.each([ofText, ofText.toUpperCase(), "UNSIGNED-PAYLOAD"])("may be %s", async (hash) => {
    await expect(read(hash)).resolves.toBeUndefined();
  });

  it.each([
    [emptyHash, "XAmzContentSHA256Mismatch"],
    [emptyHash.toUpperCase(), "XAmzContentSHA256Mismatch"],
    ["no hash", "InvalidArgument"],
    ["", "InvalidArgument"],
  ])("is refused as %j", async (hash, code) => {
    await expect(read(hash)).rejects.toMatchObject({ code });
  });
});

describe("a signed stream", () => {
  const upload = request("PUT", "/examplebucket/chunkObject.txt", {}).headers;
  const signed = {
    method: "PUT",
    address: parseAddress("/examplebucket/chunkObject.txt", "s3.amazonaws.com"),
    headers: {
      ...upload,
      host: "s3.amazonaws.com",
      "x-amz-storage-class": "REDUCED_REDUNDANCY",
      "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
      "content-encoding": "aws-chunked",
      "x-amz-decoded-content-length": "66560",
      "content-length": "66824",
      authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class, Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9`,
    },
  };
  const body = (letter = "a") =>
    [
      `10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n${letter.repeat(65_536)}\r\n`,
      `400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n${"a".repeat(1024)}\r\n`,
      "0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n",
    ].join("");
  const decode = async (text: string, pieceBytes: number, context: SigningContext | undefined) => {
    const bytes = Buffer.from(text);
    const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) =>
      bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
    );
    const trailers = new Map<string, string>();
    const decoded: Uint8Array[] = [];
    for await (const piece of decodeChunked(Readable.from(pieces), context, trailers)) decoded.push(piece);
    return { text: Buffer.concat(decoded).toString(), trailers };
  };

  it("is verified chunk by chunk, however the bytes arrive", async () => {
    const context = verify(signed);
    for (const pieceBytes of [997, 65_536, 100_000]) {
      expect((await decode(body(), pieceBytes, context)).text).toBe("a".repeat(66_560));
    }
  });

  it("is refused when one byte of a chunk is another", async () => {
    const wrong = body().replace("\r\naa", "\r\nba");
    await expect(decode(wrong, 4096, verify(signed))).rejects.toMatchObject({
      code: "SignatureDoesNotMatch",
    });
  });

  it.each([
    ["ends early", "5\r\nab"],
    ["has no header", "zz\r\nab\r\n"],
    ["is longer than it says", "1\r\nab\r\n0\r\n\r\n"],
  ])("is incomplete when a chunk %s", async (_fault, text) => {
    await expect(decode(text, 3, undefined)).rejects.toMatchObject({ code: "IncompleteBody" });
  });

  it("unsigned, comes out as it went in, with its trailers", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ minLength: 1, maxLength: 40 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 50 }),
        async (chunks, pieceBytes) => {
          const framed = chunks
            .map((chunk) => `${Buffer.byteLength(chunk).toString(16)}\r\n${chunk}\r\n`)
            .join("");
          const { text, trailers } = await decode(
            `${framed}0\r\nx-amz-checksum-crc32: AAAA\r\n\r\n`,
            pieceBytes,
            undefined,
          );
          expect(text).toBe(chunks.join(""));
          expect([...trailers]).toEqual([["x-amz-checksum-crc32", "AAAA"]]);
        },
      ),
      { numRuns: 50 },
    );
  });
});
