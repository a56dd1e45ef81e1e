import * as pulumi from "@pulumi/pulumi";
import type { BucketGrant, PostgresConnection, ValkeyConnection } from "../../components/joints.ts";

/**
 * The file `/etc/whisper/worker.env` that an operator brings to the GPU workers: user data, which anything on a droplet
 * can read, holds no secret. The whole of it is secret.
 */
export function gpuWorkerEnvironment(
  database: PostgresConnection,
  queue: ValkeyConnection,
  media: BucketGrant,
): pulumi.Output<string> {
  const settings = {
    DATABASE_URL: database.uri,
    CELERY_BROKER_URL: queue.uri,
    S3_ENDPOINT_URL: media.endpoint,
    S3_REGION: media.region,
    S3_BUCKET: media.bucket,
    S3_ACCESS_KEY_ID: media.accessKeyId,
    S3_SECRET_ACCESS_KEY: media.secretAccessKey,
  };
  const lines = pulumi.all(settings).apply((values) =>
    Object.entries(values)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
  return pulumi.secret(lines);
}
