import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startSpaces, type TestSpaces } from "./support.ts";

const Bucket = "media";
let spaces: TestSpaces;
let file: string;

beforeEach(async () => {
  spaces = await startSpaces();
  file = join(spaces.directory, "requests.jsonl");
  spaces.recording.start(file);
});
afterEach(() => spaces.close());

/** What has been recorded, once there are that many lines: the last answer may have come before its line. */
async function recorded(lines: number): Promise<Record<string, unknown>[]> {
  await expect.poll(() => readFileSync(file, "utf8").split("\n").length - 1).toBe(lines);
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

it("holds every request and answer: documents as text, objects by their size", async () => {
  await spaces.client.send(new CreateBucketCommand({ Bucket }));
  const VersioningConfiguration = { Status: "Enabled" } as const;
  await spaces.client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  await spaces.client.send(new PutObjectCommand({ Bucket, Key: "a", Body: "0123456789" }));
  const { Body } = await spaces.client.send(new GetObjectCommand({ Bucket, Key: "a" }));
  expect(await Body?.transformToString()).toBe("0123456789");
  await expect(spaces.client.send(new GetObjectCommand({ Bucket, Key: "b" }))).rejects.toThrow();
  expect(await recorded(5)).toMatchObject([
    { service: "spaces", method: "PUT", url: "/media/", status: 200 },
    { url: "/media/?versioning=", requestBody: expect.stringContaining("<Status>Enabled</Status>") },
    { method: "PUT", url: "/media/a?x-id=PutObject", requestBody: "[10 bytes]", status: 200 },
    { method: "GET", url: "/media/a?x-id=GetObject", responseBody: "[10 bytes]", status: 200 },
    { status: 404, responseBody: expect.stringContaining("<Code>NoSuchKey</Code>") },
  ]);
  expect(readFileSync(file, "utf8")).not.toContain("Signature=");
});

it("holds injected faults, connections that were cut, and no signature of a URL", async () => {
  spaces.faults.replace({
    rules: [
      { path: "/cut", drop: "before" },
      { path: "/late", status: 503 },
    ],
  });
  await expect(fetch(`${spaces.url()}/cut?X-Amz-Signature=0a1b2c`)).rejects.toThrow();
  expect((await fetch(`${spaces.url()}/late`)).status).toBe(503);
  expect(await recorded(2)).toMatchObject([
    { url: "/cut?X-Amz-Signature=[secret]", status: 0 },
    { url: "/late", status: 503, responseBody: expect.stringContaining("InjectedFault") },
  ]);
});

it("ends when it is told to", async () => {
  await fetch(`${spaces.url()}/one`);
  await recorded(1);
  spaces.recording.stop();
  await fetch(`${spaces.url()}/two`);
  await recorded(1);
});
