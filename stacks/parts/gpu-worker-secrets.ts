import * as pulumi from "@pulumi/pulumi";
import { type SecretsBundle, secretFiles } from "../../components/gpu-pool/worker-secrets.ts";
import type {
  BucketGrant,
  PostgresConnection,
  RegistryAccess,
  ValkeyConnection,
} from "../../components/joints.ts";

/** What the GPU workers' secrets come from. */
interface GpuWorkerJoints {
  readonly database: PostgresConnection;
  readonly queue: ValkeyConnection;
  readonly media: BucketGrant;
  readonly registry: RegistryAccess;
}

/**
 * The secrets of the GPU workers, as the program on a droplet takes them: user data, which anything on a droplet can read,
 * holds none. The whole of it is secret.
 */
export function gpuWorkerSecrets({
  database,
  queue,
  media,
  registry,
}: GpuWorkerJoints): pulumi.Output<string> {
  const environment = {
    DATABASE_URL: database.uri,
    CELERY_BROKER_URL: queue.uri,
    S3_ENDPOINT_URL: media.endpoint,
    S3_REGION: media.region,
    S3_BUCKET: media.bucket,
    S3_ACCESS_KEY_ID: media.accessKeyId,
    S3_SECRET_ACCESS_KEY: media.secretAccessKey,
  };
  const bundle = pulumi
    .all([pulumi.all(environment), registry.dockerConfigJson])
    .apply(([values, dockerConfigJson]) => {
      const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
      const files: SecretsBundle = {
        [secretFiles.environment]: lines.join(""),
        [secretFiles.registry]: dockerConfigJson,
      };
      return JSON.stringify(files);
    });
  return pulumi.secret(bundle);
}
