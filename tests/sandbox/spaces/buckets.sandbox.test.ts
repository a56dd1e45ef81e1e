import { request as httpRequest } from "node:http";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketLoggingCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketAclCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { owner, startSpaces, type TestSpaces } from "./support.ts";

const Bucket = "backups";
let spaces: TestSpaces;

beforeAll(async () => {
  spaces = await startSpaces();
  await spaces.client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => spaces.close());

describe("buckets", () => {
  it("are made where the client says, listed, and refused twice", async () => {
    const location = await spaces.client.send(new GetBucketLocationCommand({ Bucket }));
    expect(location.LocationConstraint).toBe("fra1");
    await expect(spaces.client.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject({
      name: "BucketAlreadyOwnedByYou",
      $metadata: { httpStatusCode: 409 },
    });
    const listed = await spaces.client.send(new ListBucketsCommand({}));
    expect(listed.Buckets?.map(({ Name }) => Name)).toEqual([Bucket]);
    expect(spaces.spaces().admin.findBucket(Bucket)).toMatchObject({ name: Bucket, region: "fra1" });
  });

  it.each(["ab", "Upper", "a..b", "-a-b", "192.168.1.1", "a".repeat(64), "under_score"])(
    "are not called %s",
    async (name) => {
      await expect(spaces.client.send(new CreateBucketCommand({ Bucket: name }))).rejects.toMatchObject({
        name: "InvalidBucketName",
      });
    },
  );

  it("are deleted only when empty", async () => {
    const other = { Bucket: "short-lived" };
    await spaces.client.send(new CreateBucketCommand(other));
    await spaces.client.send(new PutObjectCommand({ ...other, Key: "k", Body: "v" }));
    await expect(spaces.client.send(new DeleteBucketCommand(other))).rejects.toMatchObject({
      name: "BucketNotEmpty",
    });
    await spaces.client.send(new DeleteObjectCommand({ ...other, Key: "k" }));
    await spaces.client.send(new DeleteBucketCommand(other));
    await expect(spaces.client.send(new HeadBucketCommand(other))).rejects.toMatchObject({
      name: "NotFound",
    });
    await expect(spaces.client.send(new ListObjectsV2Command(other))).rejects.toMatchObject({
      name: "NoSuchBucket",
    });
  });
});

describe("settings", () => {
  it("begin unset", async () => {
    expect((await spaces.client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
    expect(
      (await spaces.client.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled,
    ).toBeUndefined();
    await expect(spaces.client.send(new GetBucketCorsCommand({ Bucket }))).rejects.toMatchObject({
      name: "NoSuchCORSConfiguration",
    });
    await expect(spaces.client.send(new GetBucketPolicyCommand({ Bucket }))).rejects.toMatchObject({
      name: "NoSuchBucketPolicy",
    });
    await expect(
      spaces.client.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
    ).rejects.toMatchObject({ name: "NoSuchLifecycleConfiguration" });
  });

  it("keep lifecycle rules", async () => {
    const Rules = [
      {
        ID: "old",
        Status: "Enabled" as const,
        Filter: { Prefix: "dumps/" },
        Expiration: { Days: 30 },
        NoncurrentVersionExpiration: { NoncurrentDays: 7 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      },
      {
        ID: "dated",
        Status: "Disabled" as const,
        Filter: { Prefix: "" },
        Expiration: { Date: new Date("2027-01-01") },
      },
    ];
    await spaces.client.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }),
    );
    const got = await spaces.client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(got.Rules).toMatchObject(Rules);
  });

  it("refuse lifecycle rules that do nothing or are not unique", async () => {
    const put = (
      Rules: { ID: string; Status: "Enabled"; Filter: { Prefix: string }; Expiration?: { Days: number } }[],
    ) =>
      spaces.client.send(
        new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }),
      );
    const rule = { ID: "a", Status: "Enabled" as const, Filter: { Prefix: "" } };
    await expect(put([rule])).rejects.toMatchObject({ name: "InvalidRequest" });
    await expect(put([{ ...rule, Expiration: { Days: 0 } }])).rejects.toMatchObject({ name: "MalformedXML" });
    const valid = { ...rule, Expiration: { Days: 1 } };
    await expect(put([valid, valid])).rejects.toMatchObject({ name: "InvalidArgument" });
  });

  it("keep CORS rules, and answer browsers by them", async () => {
    const CORSRules = [
      {
        AllowedOrigins: ["https://*.example.com"],
        AllowedMethods: ["GET", "PUT"],
        AllowedHeaders: ["*"],
        ExposeHeaders: ["etag"],
        MaxAgeSeconds: 300,
      },
    ];
    await spaces.client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
    expect((await spaces.client.send(new GetBucketCorsCommand({ Bucket }))).CORSRules).toEqual(CORSRules);

    const preflight = (origin: string) =>
      fetch(`${spaces.url()}/${Bucket}/k`, {
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": "PUT",
          "access-control-request-headers": "x-amz-date",
        },
      });
    const allowed = await preflight("https://app.example.com");
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get("access-control-allow-origin")).toBe("https://app.example.com");
    expect(allowed.headers.get("access-control-max-age")).toBe("300");
    expect((await preflight("https://example.org")).status).toBe(403);
  });

  it("keep logging, into a bucket that is there", async () => {
    const put = (TargetBucket: string) =>
      spaces.client.send(
        new PutBucketLoggingCommand({
          Bucket,
          BucketLoggingStatus: { LoggingEnabled: { TargetBucket, TargetPrefix: "access/" } },
        }),
      );
    await expect(put("nowhere")).rejects.toMatchObject({ name: "InvalidArgument" });
    await put(Bucket);
    const got = await spaces.client.send(new GetBucketLoggingCommand({ Bucket }));
    expect(got.LoggingEnabled).toEqual({ TargetBucket: Bucket, TargetPrefix: "access/" });
  });

  it("that Spaces does not have are refused, not ignored", async () => {
    await expect(spaces.client.send(new GetBucketEncryptionCommand({ Bucket }))).rejects.toMatchObject({
      name: "NotImplemented",
    });
  });
});

describe("access", () => {
  const put = (Key: string, ACL?: "public-read") =>
    spaces.client.send(new PutObjectCommand({ Bucket, Key, Body: "x", ...(ACL ? { ACL } : {}) }));
  const anonymous = (path: string) => fetch(`${spaces.url()}/${path}`).then(({ status }) => status);

  it("is refused to unknown keys and wrong secrets", async () => {
    const unknown = spaces.clientOf({ accessKey: "DO00UNKNOWN", secretKey: "?" });
    await expect(unknown.send(new ListBucketsCommand({}))).rejects.toMatchObject({
      name: "InvalidAccessKeyId",
    });
    const wrong = spaces.clientOf({ ...owner, secretKey: "wrong" });
    await expect(wrong.send(new ListBucketsCommand({}))).rejects.toMatchObject({
      name: "SignatureDoesNotMatch",
    });
  });

  it("is what a key's grants say", async () => {
    await spaces.client.send(new CreateBucketCommand({ Bucket: "another" }));
    await put("granted");
    const { keys } = spaces.spaces().admin;
    const reader = keys.create("reader", [{ bucket: Bucket, permission: "read" }], new Date());
    const writer = keys.create("writer", [{ bucket: Bucket, permission: "readwrite" }], new Date());
    const full = keys.create("full", [{ bucket: "", permission: "fullaccess" }], new Date());
    const write = { Bucket, Key: "by-key", Body: "x" };
    const policy = { Bucket, Policy: "{}" };

    const asReader = spaces.clientOf(reader);
    await asReader.send(new GetObjectCommand({ Bucket, Key: "granted" }));
    await expect(asReader.send(new PutObjectCommand(write))).rejects.toMatchObject({ name: "AccessDenied" });
    await expect(asReader.send(new ListObjectsV2Command({ Bucket: "another" }))).rejects.toMatchObject({
      name: "AccessDenied",
    });
    expect((await asReader.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toEqual([
      Bucket,
    ]);

    const asWriter = spaces.clientOf(writer);
    await asWriter.send(new PutObjectCommand(write));
    await expect(asWriter.send(new PutBucketPolicyCommand(policy))).rejects.toMatchObject({
      name: "AccessDenied",
    });
    await expect(asWriter.send(new CreateBucketCommand({ Bucket: "mine" }))).rejects.toMatchObject({
      name: "AccessDenied",
    });

    const asFull = spaces.clientOf(full);
    await asFull.send(new CreateBucketCommand({ Bucket: "mine" }));

    keys.update(writer.accessKey, { grants: [] });
    await expect(asWriter.send(new PutObjectCommand(write))).rejects.toMatchObject({ name: "AccessDenied" });
    keys.delete(full.accessKey);
    await expect(asFull.send(new ListBucketsCommand({}))).rejects.toMatchObject({
      name: "InvalidAccessKeyId",
    });
  });

  it("is anybody's where an ACL says so", async () => {
    await put("private");
    await put("public", "public-read");
    expect(await anonymous(`${Bucket}/private`)).toBe(403);
    expect(await anonymous(`${Bucket}/public`)).toBe(200);
    expect(await anonymous(Bucket)).toBe(403);
    await spaces.client.send(new PutBucketAclCommand({ Bucket, ACL: "public-read" }));
    expect(await anonymous(Bucket)).toBe(200);
    const { Grants } = await spaces.client.send(new GetBucketAclCommand({ Bucket }));
    expect(Grants?.map(({ Permission }) => Permission)).toEqual(["FULL_CONTROL", "READ"]);
    await spaces.client.send(new PutBucketAclCommand({ Bucket, ACL: "private" }));
    expect(await anonymous(Bucket)).toBe(403);
  });

  it("is what the bucket's policy says, which its owner can always take back", async () => {
    await put("shared/a");
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: "*",
          Action: "s3:GetObject",
          Resource: `arn:aws:s3:::${Bucket}/shared/*`,
        },
        {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:DeleteObject",
          Resource: `arn:aws:s3:::${Bucket}/shared/*`,
        },
        {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
    await spaces.client.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    expect((await spaces.client.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(Policy);
    expect(await anonymous(`${Bucket}/shared/a`)).toBe(200);
    expect(await anonymous(`${Bucket}/private`)).toBe(403);
    const remove = () => spaces.client.send(new DeleteObjectCommand({ Bucket, Key: "shared/a" }));
    await expect(remove()).rejects.toMatchObject({ name: "AccessDenied" });
    await spaces.client.send(new DeleteBucketPolicyCommand({ Bucket }));
    await remove();
  });

  it.each([
    ["no JSON", "{"],
    [
      "another bucket",
      '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::x"}]}',
    ],
    ["no resource", '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*"}]}'],
  ])("is not granted by a policy with %s", async (_fault, Policy) => {
    await expect(spaces.client.send(new PutBucketPolicyCommand({ Bucket, Policy }))).rejects.toMatchObject({
      name: "MalformedPolicy",
    });
  });
});

describe("addresses", () => {
  /** As a client behind an HTTP proxy sends it: the whole URL in the request line. */
  const throughProxy = (method: string, url: string) =>
    new Promise<number>((resolve, reject) => {
      const { host } = new URL(url);
      const options = {
        host: "127.0.0.1",
        port: new URL(spaces.url()).port,
        method,
        path: url,
        headers: { host },
      };
      httpRequest(options, (answer) => {
        answer.resume().on("end", () => resolve(answer.statusCode ?? 0));
      })
        .on("error", reject)
        .end();
    });

  it("name bucket and region in the host, through a proxy too", async () => {
    await spaces.client.send(new PutObjectCommand({ Bucket, Key: "a/b", Body: "x", ACL: "public-read" }));
    expect(await throughProxy("GET", `http://${Bucket}.fra1.spaces.internal/a/b`)).toBe(200);
    expect(await throughProxy("GET", `http://fra1.spaces.internal/${Bucket}/a/b`)).toBe(200);
    expect(await throughProxy("GET", `http://${Bucket}.nyc3.spaces.internal/a/b`)).toBe(404);
    expect(await throughProxy("GET", `http://${Bucket}.mars1.spaces.internal/a/b`)).toBe(400);
  });
});
