import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { owner, startSpaces, type TestSpaces } from "./support.ts";

let spaces: TestSpaces;
let patient: S3Client;

beforeAll(async () => {
  spaces = await startSpaces();
  await spaces.client.send(new CreateBucketCommand({ Bucket: "media" }));
  patient = new S3Client({
    endpoint: spaces.url(),
    region: "fra1",
    forcePathStyle: true,
    credentials: { accessKeyId: owner.accessKey, secretAccessKey: owner.secretKey },
    maxAttempts: 10,
    retryMode: "standard",
  });
});
afterAll(async () => {
  patient.destroy();
  await spaces.close();
});

const put = (client: S3Client, Key: string) =>
  client.send(new PutObjectCommand({ Bucket: "media", Key, Body: Key }));

describe("faults", () => {
  it("strike the objects they name, with the status they say", async () => {
    spaces.faults.replace({ rules: [{ method: "PUT", path: "/media/bad/**", status: 503 }] });
    await expect(put(spaces.client, "bad/a")).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
    await put(spaces.client, "good");
  });

  it("cut the connection before or after the work is done", async () => {
    spaces.faults.replace({
      rules: [
        { path: "/media/before", drop: "before", times: 1 },
        { path: "/media/after", drop: "after", times: 1 },
      ],
    });
    await expect(put(spaces.client, "before")).rejects.toThrow();
    await expect(put(spaces.client, "after")).rejects.toThrow();
    const exists = (Key: string) =>
      spaces.client.send(new GetObjectCommand({ Bucket: "media", Key })).then(
        () => true,
        () => false,
      );
    expect([await exists("before"), await exists("after")]).toEqual([false, true]);
  });

  it("of one request in five are nothing to a client that tries again", async () => {
    spaces.faults.replace({
      seed: 7,
      rules: [
        { rate: 0.1, status: 500 },
        { rate: 0.1, drop: "after" },
      ],
    });
    for (let index = 0; index < 20; index += 1) await put(patient, `object-${index}`);
    spaces.faults.clear();
    const got = await spaces.client.send(new GetObjectCommand({ Bucket: "media", Key: "object-19" }));
    expect(await got.Body?.transformToString()).toBe("object-19");
  });
});
