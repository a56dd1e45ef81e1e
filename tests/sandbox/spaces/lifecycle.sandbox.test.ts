import { readdirSync } from "node:fs";
import { join } from "node:path";
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  type LifecycleRule,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startSpaces, type TestSpaces } from "./support.ts";

const Bucket = "logs";
let now: Date;
let spaces: TestSpaces;

beforeEach(async () => {
  now = new Date("2026-11-22T10:30:00Z");
  spaces = await startSpaces(() => now);
});
afterEach(() => spaces.close());

/** Sends with the server's clock for the signature. */
const send: S3Client["send"] = (command: never) => {
  spaces.client.config.systemClockOffset = now.getTime() - Date.now();
  return spaces.client.send(command);
};
const at = (time: string) => {
  now = new Date(time);
};
const makeBucket = async (rule: Omit<LifecycleRule, "Status">, versioned = true) => {
  await send(new CreateBucketCommand({ Bucket }));
  const VersioningConfiguration = { Status: "Enabled" as const };
  if (versioned) await send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  const Rules = [{ ID: "rule", Status: "Enabled" as const, Filter: { Prefix: "" }, ...rule }];
  await send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
};
const put = (Key: string, Body = Key) => send(new PutObjectCommand({ Bucket, Key, Body }));
const keys = async () => {
  const { Contents = [] } = await send(new ListObjectsV2Command({ Bucket }));
  return Contents.map(({ Key }) => Key);
};
const versions = async () => {
  const { Versions = [], DeleteMarkers = [] } = await send(new ListObjectVersionsCommand({ Bucket }));
  return { versions: Versions.length, markers: DeleteMarkers.length };
};
const blobs = () => readdirSync(join(spaces.directory, "spaces", "blobs")).length;

describe("lifecycle rules, seen by a client", () => {
  it("delete at midnight UTC what is old enough, under their prefix alone", async () => {
    await makeBucket({ Filter: { Prefix: "old/" }, Expiration: { Days: 3 } }, false);
    await put("old/1");
    await put("kept");
    at("2026-11-25T23:59:59Z");
    expect(await keys()).toEqual(["kept", "old/1"]);
    at("2026-11-26T00:00:00Z");
    expect(await keys()).toEqual(["kept"]);
    expect(blobs()).toBe(1);
    await expect(send(new GetObjectCommand({ Bucket, Key: "old/1" }))).rejects.toMatchObject({
      name: "NoSuchKey",
    });
  });

  it("hide, then let go for good, over a restart, with the bytes", async () => {
    await makeBucket({ Expiration: { Days: 7 }, NoncurrentVersionExpiration: { NoncurrentDays: 1 } });
    await put("log");
    at("2026-11-30T00:00:00Z");
    expect(await keys()).toEqual([]);
    expect(await versions()).toEqual({ versions: 1, markers: 1 });
    await spaces.restart();
    at("2026-12-01T00:00:00Z");
    expect(await versions()).toEqual({ versions: 0, markers: 1 });
    expect(blobs()).toBe(0);
    at("2026-12-07T00:00:00Z");
    expect(await versions()).toEqual({ versions: 0, markers: 0 });
  });

  it("keep what was overwritten for its time", async () => {
    await makeBucket({ NoncurrentVersionExpiration: { NoncurrentDays: 30 } });
    await put("k", "first");
    at("2026-12-01T08:00:00Z");
    await put("k", "second");
    at("2026-12-31T23:59:00Z");
    expect(await versions()).toEqual({ versions: 2, markers: 0 });
    at("2027-01-01T00:00:00Z");
    expect(await versions()).toEqual({ versions: 1, markers: 0 });
    const { Body } = await send(new GetObjectCommand({ Bucket, Key: "k" }));
    expect(await Body?.transformToString()).toBe("second");
  });

  it("abort uploads that were never finished, and no others", async () => {
    await makeBucket({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } });
    const begin = async (Key: string) => {
      const { UploadId } = await send(new CreateMultipartUploadCommand({ Bucket, Key }));
      const part = { Bucket, Key, UploadId, PartNumber: 1 };
      const { ETag } = await send(new UploadPartCommand({ ...part, Body: Key }));
      return { Bucket, Key, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } };
    };
    const forgotten = await begin("forgotten");
    await send(new CompleteMultipartUploadCommand(await begin("finished")));
    at("2026-11-30T00:00:00Z");
    const { Uploads = [] } = await send(new ListMultipartUploadsCommand({ Bucket }));
    expect(Uploads).toEqual([]);
    expect(blobs()).toBe(1);
    await expect(send(new CompleteMultipartUploadCommand(forgotten))).rejects.toMatchObject({
      name: "NoSuchUpload",
    });
    const { Body } = await send(new GetObjectCommand({ Bucket, Key: "finished" }));
    expect(await Body?.transformToString()).toBe("finished");
  });

  it("act ahead of time when they are told to, and say what they did", async () => {
    await makeBucket({ Expiration: { Days: 7 } });
    await put("log");
    expect(await spaces.spaces().expire(new Date("2026-11-29T23:00:00Z"))).toEqual([]);
    expect(await spaces.spaces().expire(new Date("2026-11-30T00:00:00Z"))).toEqual([
      { bucket: Bucket, hidden: 1, removed: 0, uploads: 0 },
    ]);
    expect(await keys()).toEqual([]);
    await put("log");
    expect(await keys()).toEqual(["log"]);
  });

  it.each<[string, Omit<LifecycleRule, "Status">]>([
    ["sizes", { Filter: { ObjectSizeGreaterThan: 1 }, Expiration: { Days: 1 } }],
    ["tags", { Filter: { Tag: { Key: "a", Value: "b" } }, Expiration: { Days: 1 } }],
    ["transitions", { Expiration: { Days: 2 }, Transitions: [{ Days: 1, StorageClass: "GLACIER" }] }],
    [
      "a number of versions to keep",
      { NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 3 } },
    ],
  ])("are refused when they speak of %s, which they would pass over", async (_what, rule) => {
    await expect(makeBucket(rule)).rejects.toMatchObject({ name: "NotImplemented" });
  });
});
