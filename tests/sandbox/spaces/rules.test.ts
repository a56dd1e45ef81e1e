import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAddress } from "../../../sandbox/spaces/addressing.ts";
import { checksumAlgorithms } from "../../../sandbox/spaces/checksum.ts";
import { corsHeaders } from "../../../sandbox/spaces/cors.ts";
import { compareKeys } from "../../../sandbox/spaces/objects.ts";
import { findOperation } from "../../../sandbox/spaces/operations/index.ts";
import { paginate } from "../../../sandbox/spaces/operations/listing.ts";
import { readRange } from "../../../sandbox/spaces/operations/objects.ts";
import { judgePolicy, validatePolicy } from "../../../sandbox/spaces/policy.ts";
import { parseXml, renderXml } from "../../../sandbox/spaces/xml.ts";

describe("addresses", () => {
  it.each([
    ["/media/a/b", "127.0.0.1:4566", { bucket: "media", key: "a/b" }],
    ["/media", "localhost", { bucket: "media" }],
    ["/media/", "localhost", { bucket: "media" }],
    ["/", "fra1.spaces.internal", { region: "fra1" }],
    ["/a%20b", "media.fra1.digitaloceanspaces.com", { region: "fra1", bucket: "media", key: "a b" }],
    [
      "/k",
      "my.dotted.media.fra1.spaces.internal:80",
      { region: "fra1", bucket: "my.dotted.media", key: "k" },
    ],
    ["/k", "media.localhost:1", { bucket: "media", key: "k" }],
    ["http://media.nyc3.spaces.internal/k?acl", "ignored", { region: "nyc3", bucket: "media", key: "k" }],
  ])("%s at %s", (target, host, expected) => {
    const { rawPath: _path, query: _query, ...address } = parseAddress(target, host);
    expect(address).toEqual(expected);
  });

  it.each([
    ["/%zz", "localhost"],
    ["/k", "media.mars1.spaces.internal"],
  ])("%s at %s is refused", (target, host) => {
    expect(() => parseAddress(target, host)).toThrow(expect.objectContaining({ code: "InvalidURI" }));
  });
});

describe("operations", () => {
  const find = (method: string, scope: "service" | "bucket" | "object", ...present: string[]) =>
    findOperation(method, scope, (selector) => present.includes(selector)).name;

  it("are chosen by method, scope and what stands in the query", () => {
    expect(find("GET", "service")).toBe("ListBuckets");
    expect(find("PUT", "bucket")).toBe("CreateBucket");
    expect(find("PUT", "bucket", "cors")).toBe("PutBucketCors");
    expect(find("GET", "bucket", "list-type", "prefix")).toBe("ListObjectsV2");
    expect(find("PUT", "object", "x-amz-copy-source")).toBe("CopyObject");
    expect(find("PUT", "object", "partNumber", "uploadId")).toBe("UploadPart");
    expect(find("PUT", "object", "partNumber", "uploadId", "x-amz-copy-source")).toBe("UploadPartCopy");
  });

  it("that are not there are refused", () => {
    expect(() => find("PUT", "bucket", "object-lock")).toThrow(expect.objectContaining({ status: 501 }));
    expect(() => find("POST", "bucket")).toThrow(expect.objectContaining({ status: 405 }));
    expect(() => find("DELETE", "bucket", "versioning")).toThrow(expect.objectContaining({ status: 405 }));
  });
});

describe("ranges", () => {
  it.each([
    [undefined, undefined],
    ["bytes=0-3", { first: 0, last: 3 }],
    ["bytes=-1", { first: 9, last: 9 }],
    ["bytes=-99", { first: 0, last: 9 }],
    ["bytes=5-3", undefined],
    ["bytes=0-1,3-4", undefined],
    ["lines=1-2", undefined],
  ])("%s of ten bytes", (header, expected) => {
    expect(readRange(header, 10)).toEqual(expected);
  });

  it("lie within the object, or are refused", () => {
    expect(() => readRange("bytes=0-", 0)).toThrow(expect.objectContaining({ status: 416 }));
    expect(() => readRange("bytes=-0", 10)).toThrow(expect.objectContaining({ status: 416 }));
  });
});

describe("a listing in pages", () => {
  const key = fc.string({ unit: fc.constantFrom("a", "b", "/", "é", "😀", "-"), minLength: 1, maxLength: 6 });

  it("gives every key and every common prefix once, in order, whatever the size of a page", () => {
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 30 }), fc.integer({ min: 1, max: 5 }), (keys, maxKeys) => {
        const sorted = keys.toSorted(compareKeys).map((name) => ({ name, value: name }));
        const list = (size: number, after: string) =>
          paginate(
            sorted,
            { prefix: "", delimiter: "/", maxKeys: size },
            after,
            ({ name }) => compareKeys(name, after) <= 0,
          );
        const whole = list(1000, "");
        const seen = { keys: [] as string[], prefixes: [] as string[] };
        let after = "";
        let page = list(maxKeys, after);
        for (;;) {
          seen.keys.push(...page.entries.map(({ name }) => name));
          seen.prefixes.push(...page.commonPrefixes);
          if (!page.isTruncated) break;
          after = page.lastName;
          page = list(maxKeys, after);
        }
        expect(seen.keys).toEqual(whole.entries.map(({ name }) => name));
        expect(seen.prefixes).toEqual(whole.commonPrefixes);
      }),
    );
  });
});

describe("policies", () => {
  const judge = (statement: object, change: object = {}) =>
    judgePolicy(
      JSON.stringify({
        Statement: { Effect: "Allow", Principal: "*", Action: "s3:*", Resource: "*", ...statement },
      }),
      {
        action: "s3:GetObject",
        bucket: "media",
        key: "a/b",
        conditions: { "aws:SourceIp": "10.1.2.3" },
        ...change,
      },
    );

  it.each([
    [{}, "Allow"],
    [{ Action: "s3:get*" }, "Allow"],
    [{ Action: "s3:PutObject" }, undefined],
    [{ Resource: "arn:aws:s3:::media/a/?" }, "Allow"],
    [{ Resource: "arn:aws:s3:::media/b/*" }, undefined],
    [{ Resource: "arn:aws:s3:::media" }, undefined],
    [{ Action: undefined, NotAction: "s3:DeleteObject" }, "Allow"],
    [{ Principal: { AWS: "arn:aws:iam:::user/DO00" } }, undefined],
    [{ Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } }, "Allow"],
    [{ Condition: { NotIpAddress: { "aws:SourceIp": ["10.0.0.0/8"] } } }, undefined],
    [{ Condition: { StringLike: { "aws:Referer": "https://*" } } }, undefined],
    [{ Condition: { StringNotLike: { "aws:Referer": "https://*" } } }, "Allow"],
  ])("%j", (statement, expected) => {
    expect(judge(statement)).toBe(expected);
  });

  it("take a pattern as the regular expression it stands for", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "*", "?", "."), maxLength: 8 });
    fc.assert(
      fc.property(text, text, (pattern, key) => {
        const source = pattern.replaceAll(".", "\\.").replaceAll("*", ".*").replaceAll("?", ".");
        const wanted = new RegExp(`^${source}$`).test(key) ? "Allow" : undefined;
        expect(judge({ Resource: `arn:aws:s3:::media/${pattern}` }, { key })).toBe(wanted);
      }),
    );
  });

  it("take no longer for many stars and a long key, which kept a regular expression busy for hours", () => {
    const Resource = `arn:aws:s3:::media/${"*a".repeat(30)}`;
    expect(judge({ Resource }, { key: `${"a".repeat(900)}b` })).toBeUndefined();
    expect(judge({ Resource }, { key: "a".repeat(900) })).toBe("Allow");
  });

  it("name keys by their id", () => {
    expect(judge({ Principal: { AWS: "arn:aws:iam:::user/DO00" } }, { accessKey: "DO00" })).toBe("Allow");
  });

  it.each(["10.0.0.0/8", "10.1.2.3", "10.1.2.3/32", "10.1.2.3/0"])("know that 10.1.2.3 is in %s", (range) => {
    expect(judge({ Condition: { IpAddress: { "aws:SourceIp": range } } })).toBe("Allow");
  });

  // A policy that is judged with an error locks even the owner out.
  it.each(["10.0.0.0/99", "::/129", "10.0.0/8", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0.0/-1", "anywhere", ""])(
    "are refused with the range %j, and hold nothing in it where they are kept all the same",
    (range) => {
      for (const operator of ["IpAddress", "NotIpAddress"]) {
        const statement = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" };
        const Condition = { [operator]: { "aws:SourceIp": ["10.0.0.0/8", range] } };
        expect(() =>
          validatePolicy(JSON.stringify({ Statement: { ...statement, Condition } }), "media"),
        ).toThrow(`"${range}" is no address and no range`);
      }
      expect(judge({ Condition: { IpAddress: { "aws:SourceIp": range } } })).toBeUndefined();
    },
  );

  it("weigh a denial heavier than every allowance", () => {
    const both = ["Allow", "Deny"].map((Effect) => ({
      Effect,
      Principal: "*",
      Action: "s3:*",
      Resource: "*",
    }));
    const subject = { action: "s3:GetObject", bucket: "media", conditions: {} };
    expect(judgePolicy(JSON.stringify({ Statement: both }), subject)).toBe("Deny");
  });
});

describe("CORS", () => {
  const rule = {
    allowedOrigins: ["https://a.example.com"],
    allowedMethods: ["GET"],
    allowedHeaders: ["x-*"],
    exposeHeaders: [],
  };
  const bucket = { name: "media", region: "fra1", createdAt: "", acl: "private" as const, cors: [rule] };
  const origin = "https://a.example.com";

  it("allows what a rule allows, and says nothing otherwise", () => {
    expect(corsHeaders(bucket, { origin }, "GET")).toMatchObject({ "access-control-allow-origin": origin });
    expect(corsHeaders(bucket, { origin }, "PUT")).toEqual({});
    expect(corsHeaders(bucket, { origin: "https://b.example.com" }, "GET")).toEqual({});
    expect(corsHeaders(bucket, {}, "GET")).toEqual({});
    expect(
      corsHeaders(bucket, { origin, "access-control-request-headers": "X-One, x-two" }, "GET"),
    ).toMatchObject({
      "access-control-allow-headers": "x-one, x-two",
    });
    expect(corsHeaders(bucket, { origin, "access-control-request-headers": "authorization" }, "GET")).toEqual(
      {},
    );
  });
});

describe("checksums", () => {
  /** The check values of the algorithms' catalogue, of the text 123456789. */
  it.each([
    ["crc32", "cbf43926"],
    ["crc32c", "e3069283"],
    ["crc64nvme", "ae8b14860a799888"],
  ])("%s has its check value, in one piece and in many", (algorithm, expected) => {
    for (const pieces of [["123456789"], ["1234", "", "56789"]]) {
      const digester = checksumAlgorithms[algorithm]?.();
      for (const piece of pieces) digester?.update(Buffer.from(piece));
      expect(Buffer.from(digester?.digest() ?? "", "base64").toString("hex")).toBe(expected);
    }
  });
});

describe("XML", () => {
  it("comes back as it went, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-ascii", minLength: 1 }), (text) => {
        expect(
          parseXml(renderXml("Root", { Key: text }), "Root")
            .first("Key")
            ?.rawText(),
        ).toBe(text);
      }),
    );
  });

  const withEntity = '<!DOCTYPE Root [<!ENTITY a "b">]><Root>&a;</Root>';
  it.each(["", "<a>", "<Other/>", "text", "<Root><__proto__>1</__proto__></Root>", withEntity])(
    "%j is malformed",
    (text) => {
      expect(() => parseXml(text, "Root")).toThrow(expect.objectContaining({ code: "MalformedXML" }));
    },
  );

  it("is malformed when it is nested without end", () => {
    const text = "<Root>".repeat(10_000) + "</Root>".repeat(10_000);
    expect(() => parseXml(text, "Root")).toThrow(expect.objectContaining({ code: "MalformedXML" }));
  });
});
