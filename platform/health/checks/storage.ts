import { randomBytes } from "node:crypto";
import type { S3Client } from "@aws-sdk/client-s3";
import type { Answer, Check } from "../check.ts";
import type { CloudAccess } from "../cloud.ts";

/** A bucket. */
export interface Bucket {
  readonly name: string;
  readonly region: string;
}

/** Where Spaces is, and as whom to ask it. */
export type SpacesAccess = Pick<CloudAccess, "spacesUrl" | "spacesAccessKeyId" | "spacesSecretAccessKey">;

/** The object that is written, read and removed again. */
const probeKey = ".platform-health/probe";

/**
 * Whether a bucket is there and lets us in.
 *
 * @param withBytes Whether bytes are written, read back and removed, version and all.
 */
export const bucketCheck = (access: SpacesAccess, bucket: Bucket, withBytes: boolean): Check => ({
  subject: "storage",
  name: bucket.name,
  asked: withBytes ? `bytes written to ${probeKey}, read back and removed` : "whether it is there and opens",
  remedy:
    "DigitalOcean's status page for Spaces, then the key in SPACES_ACCESS_KEY_ID; docs/buckets.md says what is kept there",
  ask: async (signal) => {
    // It says that versions of next year will not run on Node 20: the lock file holds this one.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
    const { S3Client } = await import("@aws-sdk/client-s3");
    const client = new S3Client({
      endpoint: access.spacesUrl(bucket.region),
      region: "us-east-1",
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: {
        accessKeyId: access.spacesAccessKeyId,
        secretAccessKey: access.spacesSecretAccessKey,
      },
    });
    try {
      return withBytes
        ? await askWithBytes(client, bucket, signal)
        : await askWhetherThere(client, bucket, signal);
    } finally {
      client.destroy();
    }
  },
});

async function askWhetherThere(
  client: S3Client,
  { name }: Bucket,
  abortSignal: AbortSignal,
): Promise<Answer> {
  const { ListObjectsV2Command } = await import("@aws-sdk/client-s3");
  const { KeyCount = 0 } = await client.send(new ListObjectsV2Command({ Bucket: name, MaxKeys: 1 }), {
    abortSignal,
  });
  return { verdict: "healthy", answer: KeyCount === 0 ? "opens, and is empty" : "opens, and holds objects" };
}

async function askWithBytes(client: S3Client, { name }: Bucket, abortSignal: AbortSignal): Promise<Answer> {
  const { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } = await import("@aws-sdk/client-s3");
  const object = { Bucket: name, Key: probeKey };
  const written = randomBytes(1024);
  const { VersionId } = await client.send(new PutObjectCommand({ ...object, Body: written }), {
    abortSignal,
  });
  const version = VersionId === undefined ? object : { ...object, VersionId };
  try {
    const { Body } = await client.send(new GetObjectCommand(version), { abortSignal });
    const read = Buffer.from((await Body?.transformToByteArray()) ?? []);
    return read.equals(written)
      ? { verdict: "healthy", answer: "gives back what was written" }
      : {
          verdict: "critical",
          answer: `gives back ${read.length} bytes that are not the ${written.length} written`,
        };
  } finally {
    await client.send(new DeleteObjectCommand(version), { abortSignal });
  }
}
