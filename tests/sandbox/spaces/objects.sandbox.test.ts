import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSpaces, type TestSpaces } from "./support.ts";

const Bucket = "media";
let spaces: TestSpaces;

beforeAll(async () => {
  spaces = await startSpaces();
  await spaces.client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => spaces.close());

const blobs = () => readdirSync(join(spaces.directory, "spaces", "blobs"));
const read = async (Key: string, more: object = {}) => {
  const answer = await spaces.client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return (await answer.Body?.transformToString()) ?? "";
};

describe("objects", () => {
  it("come back with their bytes, headers and metadata", async () => {
    const put = await spaces.client.send(
      new PutObjectCommand({
        Bucket,
        Key: "a folder/näme+(1)!*'.txt",
        Body: "hello",
        ContentType: "text/plain",
        CacheControl: "max-age=60",
        Metadata: { owner: "api" },
        Tagging: "tier=hot",
      }),
    );
    expect(put.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
    const got = await spaces.client.send(new GetObjectCommand({ Bucket, Key: "a folder/näme+(1)!*'.txt" }));
    expect(await got.Body?.transformToString()).toBe("hello");
    expect(got).toMatchObject({
      ContentType: "text/plain",
      CacheControl: "max-age=60",
      Metadata: { owner: "api" },
      ContentLength: 5,
      TagCount: 1,
    });
    expect(got.ContentEncoding).toBeUndefined();
  });

  it("stream in and out, larger than any buffer", async () => {
    const chunk = Buffer.alloc(1024 * 1024, "x");
    const Body = Readable.from(Array.from({ length: 8 }, () => chunk));
    await spaces.client.send(
      new PutObjectCommand({ Bucket, Key: "large", Body, ContentLength: 8 * chunk.length }),
    );
    const got = await spaces.client.send(new GetObjectCommand({ Bucket, Key: "large" }));
    expect((await got.Body?.transformToByteArray())?.length).toBe(8 * chunk.length);
  });

  it.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)(
    "are verified with %s",
    async (ChecksumAlgorithm) => {
      await spaces.client.send(
        new PutObjectCommand({ Bucket, Key: "sum", Body: "hello", ChecksumAlgorithm }),
      );
      // The SDK verifies the checksum of what it reads.
      expect(await read("sum", { ChecksumMode: "ENABLED" })).toBe("hello");
    },
  );

  it("are refused when their bytes are not what the client said, and leave nothing behind", async () => {
    const before = blobs().length;
    const put = spaces.client.send(
      new PutObjectCommand({ Bucket, Key: "wrong", Body: "hello", ContentMD5: "1B2M2Y8AsgTpgAmY7PhCfg==" }),
    );
    await expect(put).rejects.toMatchObject({ name: "BadDigest" });
    const sum = spaces.client.send(
      new PutObjectCommand({ Bucket, Key: "wrong", Body: "hello", ChecksumCRC32: "AAAAAA==" }),
    );
    await expect(sum).rejects.toMatchObject({ name: "BadDigest" });
    await expect(read("wrong")).rejects.toMatchObject({ name: "NoSuchKey" });
    expect(blobs()).toHaveLength(before);
  });

  it("can be read in ranges", async () => {
    await spaces.client.send(new PutObjectCommand({ Bucket, Key: "range", Body: "0123456789" }));
    expect(await read("range", { Range: "bytes=2-4" })).toBe("234");
    expect(await read("range", { Range: "bytes=7-" })).toBe("789");
    expect(await read("range", { Range: "bytes=-3" })).toBe("789");
    expect(await read("range", { Range: "bytes=8-99" })).toBe("89");
    await expect(read("range", { Range: "bytes=10-" })).rejects.toMatchObject({ name: "InvalidRange" });
  });

  it("are read and written on condition", async () => {
    const { ETag } = await spaces.client.send(
      new PutObjectCommand({ Bucket, Key: "lock", Body: "1", IfNoneMatch: "*" }),
    );
    const again = spaces.client.send(
      new PutObjectCommand({ Bucket, Key: "lock", Body: "2", IfNoneMatch: "*" }),
    );
    await expect(again).rejects.toMatchObject({ name: "PreconditionFailed" });
    expect(await read("lock", { IfMatch: ETag })).toBe("1");
    await expect(read("lock", { IfNoneMatch: ETag })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    await spaces.client.send(new PutObjectCommand({ Bucket, Key: "lock", Body: "3", IfMatch: ETag }));
    const stale = spaces.client.send(new PutObjectCommand({ Bucket, Key: "lock", Body: "4", IfMatch: ETag }));
    await expect(stale).rejects.toMatchObject({ name: "PreconditionFailed" });
  });

  it("only one of two writers at once gets a key that must be new", async () => {
    const writers = ["a", "b", "c"].map((Body) =>
      spaces.client.send(new PutObjectCommand({ Bucket, Key: "race", Body, IfNoneMatch: "*" })),
    );
    const outcomes = await Promise.allSettled(writers);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("are copied with or without their metadata", async () => {
    await spaces.client.send(
      new PutObjectCommand({ Bucket, Key: "source/ü", Body: "copy me", Metadata: { a: "1" } }),
    );
    const CopySource = encodeURIComponent(`${Bucket}/source/ü`);
    await spaces.client.send(new CopyObjectCommand({ Bucket, Key: "copied", CopySource }));
    await spaces.client.send(
      new CopyObjectCommand({
        Bucket,
        Key: "replaced",
        CopySource,
        MetadataDirective: "REPLACE",
        Metadata: { b: "2" },
      }),
    );
    expect(await read("copied")).toBe("copy me");
    const copied = await spaces.client.send(new HeadObjectCommand({ Bucket, Key: "copied" }));
    const replaced = await spaces.client.send(new HeadObjectCommand({ Bucket, Key: "replaced" }));
    expect([copied.Metadata, replaced.Metadata]).toEqual([{ a: "1" }, { b: "2" }]);
  });

  it("bear tags", async () => {
    await spaces.client.send(new PutObjectCommand({ Bucket, Key: "tagged", Body: "" }));
    const TagSet = [{ Key: "tier", Value: "cold" }];
    await spaces.client.send(new PutObjectTaggingCommand({ Bucket, Key: "tagged", Tagging: { TagSet } }));
    const tagging = await spaces.client.send(new GetObjectTaggingCommand({ Bucket, Key: "tagged" }));
    expect(tagging.TagSet).toEqual(TagSet);
  });
});

describe("listing", () => {
  beforeAll(async () => {
    for (const Key of ["list/a", "list/b/1", "list/b/2", "list/c", "list/é & <x>"]) {
      await spaces.client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    }
  });

  it("rolls what lies behind the delimiter up, page by page", async () => {
    const seen: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await spaces.client.send(
        new ListObjectsV2Command({ Bucket, Prefix: "list/", Delimiter: "/", MaxKeys: 1, ContinuationToken }),
      );
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ""));
      seen.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix ?? ""));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    expect(seen).toEqual(["list/a", "list/b/", "list/c", "list/é & <x>"]);
  });

  it("has the older form too", async () => {
    const page = await spaces.client.send(
      new ListObjectsCommand({ Bucket, Prefix: "list/", Marker: "list/b/1", MaxKeys: 2 }),
    );
    expect(page.Contents?.map(({ Key }) => Key)).toEqual(["list/b/2", "list/c"]);
    expect(page).toMatchObject({ IsTruncated: true, NextMarker: "list/c" });
  });

  it("encodes keys where it is asked to", async () => {
    const page = await spaces.client.send(
      new ListObjectsV2Command({ Bucket, Prefix: "list/é", EncodingType: "url" }),
    );
    expect(page.Contents?.[0]?.Key).toBe("list/%C3%A9%20%26%20%3Cx%3E");
  });
});

describe("versions", () => {
  const versioned = "versioned";

  beforeAll(async () => {
    await spaces.client.send(new CreateBucketCommand({ Bucket: versioned }));
  });

  it("are kept, hidden by delete markers, and brought back", async () => {
    const put = (Body: string) =>
      spaces.client.send(new PutObjectCommand({ Bucket: versioned, Key: "k", Body }));
    const get = async (VersionId?: string) => {
      const answer = await spaces.client.send(
        new GetObjectCommand({ Bucket: versioned, Key: "k", VersionId }),
      );
      return answer.Body?.transformToString();
    };
    await put("before");
    await spaces.client.send(
      new PutBucketVersioningCommand({ Bucket: versioned, VersioningConfiguration: { Status: "Enabled" } }),
    );
    const first = await put("one");
    const second = await put("two");
    expect(first.VersionId).not.toBe(second.VersionId);
    expect([await get("null"), await get(first.VersionId), await get()]).toEqual(["before", "one", "two"]);

    const marker = await spaces.client.send(new DeleteObjectCommand({ Bucket: versioned, Key: "k" }));
    expect(marker.DeleteMarker).toBe(true);
    await expect(get()).rejects.toMatchObject({ name: "NoSuchKey" });
    await expect(get(marker.VersionId)).rejects.toMatchObject({ name: "MethodNotAllowed" });
    const listed = await spaces.client.send(new ListObjectVersionsCommand({ Bucket: versioned }));
    expect(listed.DeleteMarkers?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
      [marker.VersionId, true],
    ]);
    expect(listed.Versions?.map(({ VersionId }) => VersionId)).toEqual([
      second.VersionId,
      first.VersionId,
      "null",
    ]);

    await spaces.client.send(
      new DeleteObjectCommand({ Bucket: versioned, Key: "k", VersionId: marker.VersionId }),
    );
    expect(await get()).toBe("two");
  });

  it("are listed page by page without loss", async () => {
    const seen: (string | undefined)[] = [];
    let position: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
    let more = true;
    while (more) {
      const page = await spaces.client.send(
        new ListObjectVersionsCommand({ Bucket: versioned, MaxKeys: 1, ...position }),
      );
      seen.push(...(page.Versions ?? []).map(({ VersionId }) => VersionId));
      position = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      more = page.IsTruncated === true;
    }
    expect(seen).toHaveLength(3);
    expect(new Set(seen).size).toBe(3);
  });

  it("go with a multi-object delete, and their bytes with them", async () => {
    const before = blobs().length;
    const listed = await spaces.client.send(new ListObjectVersionsCommand({ Bucket: versioned }));
    const Objects = (listed.Versions ?? []).map(({ Key, VersionId }) => ({ Key, VersionId }));
    const answer = await spaces.client.send(
      new DeleteObjectsCommand({ Bucket: versioned, Delete: { Objects } }),
    );
    expect(answer.Deleted).toHaveLength(3);
    expect(blobs()).toHaveLength(before - 3);
    const rest = await spaces.client.send(new ListObjectVersionsCommand({ Bucket: versioned }));
    expect(rest.Versions).toBeUndefined();
  });
});

describe("multipart uploads", () => {
  const Key = "parts";
  const fiveMib = Buffer.alloc(5 * 1024 * 1024, "p");

  const begin = async () => {
    const { UploadId } = await spaces.client.send(
      new CreateMultipartUploadCommand({ Bucket, Key, ContentType: "audio/wav" }),
    );
    return UploadId;
  };

  it("become one object, in order, with one part copied", async () => {
    const UploadId = await begin();
    const common = { Bucket, Key, UploadId };
    const one = await spaces.client.send(new UploadPartCommand({ ...common, PartNumber: 1, Body: fiveMib }));
    const two = await spaces.client.send(
      new UploadPartCopyCommand({
        ...common,
        PartNumber: 2,
        CopySource: `${Bucket}/range`,
        CopySourceRange: "bytes=0-4",
      }),
    );
    const listed = await spaces.client.send(new ListPartsCommand(common));
    expect(listed.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, fiveMib.length],
      [2, 5],
    ]);
    const Parts = [
      { PartNumber: 1, ETag: one.ETag },
      { PartNumber: 2, ETag: two.CopyPartResult?.ETag },
    ];
    const done = await spaces.client.send(
      new CompleteMultipartUploadCommand({ ...common, MultipartUpload: { Parts } }),
    );
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    expect(await read(Key, { Range: `bytes=${fiveMib.length - 2}-` })).toBe("pp01234");
    const head = await spaces.client.send(new HeadObjectCommand({ Bucket, Key }));
    expect(head).toMatchObject({ ContentLength: fiveMib.length + 5, ContentType: "audio/wav" });
  });

  it("refuse small parts, wrong parts and wrong order, and can be aborted", async () => {
    const before = blobs().length;
    const UploadId = await begin();
    const common = { Bucket, Key, UploadId };
    const complete = (Parts: { PartNumber: number; ETag: string | undefined }[]) =>
      spaces.client.send(new CompleteMultipartUploadCommand({ ...common, MultipartUpload: { Parts } }));
    const one = await spaces.client.send(new UploadPartCommand({ ...common, PartNumber: 1, Body: "small" }));
    const two = await spaces.client.send(new UploadPartCommand({ ...common, PartNumber: 2, Body: "small" }));
    const parts = [
      { PartNumber: 1, ETag: one.ETag },
      { PartNumber: 2, ETag: two.ETag },
    ];
    await expect(complete(parts)).rejects.toMatchObject({ name: "EntityTooSmall" });
    await expect(complete(parts.toReversed())).rejects.toMatchObject({ name: "InvalidPartOrder" });
    await expect(complete([{ PartNumber: 3, ETag: one.ETag }])).rejects.toMatchObject({
      name: "InvalidPart",
    });
    const uploads = await spaces.client.send(new ListMultipartUploadsCommand({ Bucket }));
    expect(uploads.Uploads?.map((upload) => upload.UploadId)).toEqual([UploadId]);
    await spaces.client.send(new AbortMultipartUploadCommand(common));
    await expect(spaces.client.send(new ListPartsCommand(common))).rejects.toMatchObject({
      name: "NoSuchUpload",
    });
    expect(blobs()).toHaveLength(before);
  });

  it("are listed in pages, behind a key, or behind one upload of a key", async () => {
    const begin = async (Key: string) =>
      (await spaces.client.send(new CreateMultipartUploadCommand({ Bucket, Key }))).UploadId ?? "";
    const begun = [await begin("paged/a"), await begin("paged/a"), await begin("paged/b")];
    const list = async (more: object) => {
      const listed = await spaces.client.send(
        new ListMultipartUploadsCommand({ Bucket, Prefix: "paged/", ...more }),
      );
      return { ...listed, keys: listed.Uploads?.map(({ Key }) => Key) };
    };
    expect((await list({ KeyMarker: "paged/a" })).keys).toEqual(["paged/b"]);
    const first = await list({ MaxUploads: 1 });
    expect(first).toMatchObject({ keys: ["paged/a"], IsTruncated: true });
    const rest = { KeyMarker: first.NextKeyMarker, UploadIdMarker: first.NextUploadIdMarker };
    expect((await list(rest)).keys).toEqual(["paged/a", "paged/b"]);
    for (const [index, UploadId] of begun.entries()) {
      const Key = index < 2 ? "paged/a" : "paged/b";
      await spaces.client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    }
  });
});

describe("a client that asks for what cannot be", () => {
  it("is told so of headers that no answer can bear", async () => {
    await spaces.client.send(new PutObjectCommand({ Bucket, Key: "plain", Body: "x" }));
    const asked = read("plain", { ResponseContentDisposition: "a\nb" });
    await expect(asked).rejects.toMatchObject({ name: "InvalidArgument" });
  });

  it("is told so of a delete without a key, and nothing of it is carried out", async () => {
    const Delete = { Objects: [{ Key: "plain" }, { Key: "" }] };
    await expect(spaces.client.send(new DeleteObjectsCommand({ Bucket, Delete }))).rejects.toMatchObject({
      name: "MalformedXML",
    });
    expect(await read("plain")).toBe("x");
  });

  it("is told so of a document that is too large, and can go on", async () => {
    const Policy = " ".repeat(2 * 1024 ** 2);
    await expect(spaces.client.send(new PutBucketPolicyCommand({ Bucket, Policy }))).rejects.toMatchObject({
      name: "EntityTooLarge",
    });
    expect(await read("plain")).toBe("x");
  });
});

describe("a restart", () => {
  it("keeps buckets, versions and bytes", async () => {
    await spaces.restart();
    expect(await read("range")).toBe("0123456789");
    expect(await read("copied")).toBe("copy me");
  });
});
