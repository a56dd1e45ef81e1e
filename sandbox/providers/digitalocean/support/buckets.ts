import type { S3Client } from "@aws-sdk/client-s3";
import type { Operation, Operations } from "../dsl/resource.ts";

/** What S3 says of something that is not there. */
const ABSENT = new Set([
  "NoSuchBucket",
  "NotFound",
  "NoSuchBucketPolicy",
  "NoSuchCORSConfiguration",
  "NoSuchLifecycleConfiguration",
]);

/** The answer of a question to Spaces; undefined when there is no such thing. */
export async function ifPresent<T>(question: Promise<T>): Promise<T | undefined> {
  try {
    return await question;
  } catch (error) {
    if (error instanceof Error && ABSENT.has(error.name)) return undefined;
    throw error;
  }
}

/** Lets the SDK's calls be stopped with the operation. */
export const stoppable = ({ signal }: Operation): { abortSignal: AbortSignal } => ({ abortSignal: signal });

/** The import id of something in a bucket: `<region>,<bucket>`. */
export const importingByRegion: NonNullable<Operations["importing"]> = (id) => {
  const [region = "", bucket = ""] = id.split(",");
  return { id: bucket, known: { region, bucket, name: bucket } };
};

/** Deletes every object of a bucket with all its versions, and the uploads that were never completed. */
export async function emptyBucket(client: S3Client, bucket: string, operation: Operation): Promise<void> {
  const sdk = await import("@aws-sdk/client-s3");
  const stop = stoppable(operation);
  for (;;) {
    const page = await ifPresent(client.send(new sdk.ListObjectVersionsCommand({ Bucket: bucket }), stop));
    const found = [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])];
    if (found.length === 0) break;
    operation.progress(`deleting ${found.length} objects and versions`);
    const Objects = found.map(({ Key, VersionId }) => ({ Key, VersionId }));
    await client.send(
      new sdk.DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
      stop,
    );
  }
  const uploads = await ifPresent(client.send(new sdk.ListMultipartUploadsCommand({ Bucket: bucket }), stop));
  for (const { Key, UploadId } of uploads?.Uploads ?? []) {
    await client.send(new sdk.AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }), stop);
  }
}
