import { CreateBucketCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { Valkey } from "iovalkey";
import { expect, it } from "vitest";
import { type Check, runChecks } from "../../platform/health/check.ts";
import { postgresCheck } from "../../platform/health/checks/postgres.ts";
import { bucketCheck } from "../../platform/health/checks/storage.ts";
import { queueCheck, valkeyCheck } from "../../platform/health/checks/valkey.ts";
import { type CloudAccess, readDatabase } from "../../platform/health/cloud.ts";
import { type Database, storeSandbox } from "../sandbox/stores/store-sandbox.ts";

/** Real servers, each asked over the network as in the cloud. */
const sandbox = storeSandbox();

const access = (): CloudAccess => {
  const { ports, apiToken, spacesAccessKeyId, spacesSecretAccessKey } = sandbox.record;
  return {
    apiUrl: `http://127.0.0.1:${ports.api}`,
    token: apiToken,
    spacesUrl: () => `http://127.0.0.1:${ports.spaces}`,
    spacesAccessKeyId,
    spacesSecretAccessKey,
  };
};

async function found(check: Check) {
  const [finding] = await runChecks([check], new AbortController().signal);
  return finding;
}

const asked = ({ id }: Pick<Database, "id">, as: Partial<CloudAccess> = {}) => ({
  name: "it",
  read: (signal: AbortSignal) => readDatabase({ ...access(), ...as }, id, signal),
});

it("a PostgreSQL that answers is healthy; one that lets others in alone, or of which the cloud says nothing, is not checked", async () => {
  const postgres = await sandbox.online({
    name: "health-postgres",
    engine: "pg",
    version: "18",
    num_nodes: 1,
    size: "db-s-1vcpu-1gb",
    region: "tor1",
  });
  const check = postgresCheck(asked(postgres));
  expect(await found(check)).toMatchObject({
    verdict: "healthy",
    measured: { connections: 1, replicaLagSeconds: 0 },
  });

  await sandbox.call("PUT", `/${postgres.id}/firewall`, {
    rules: [{ type: "ip_addr", value: "203.0.113.7" }],
  });
  const kept = await found(check);
  expect(kept).toMatchObject({
    verdict: "unchecked",
    answer: expect.stringMatching(/not let this machine in, but ip_addr alone .*calls it "online"/),
  });
  expect(JSON.stringify(kept)).not.toContain(postgres.connection.password);

  const unknown = await found(postgresCheck(asked(postgres, { token: "dop_v1_ended" })));
  expect(unknown).toMatchObject({ verdict: "unchecked", answer: expect.stringContaining("status 401") });
});

it("a Valkey says how it is, and how many jobs wait in it", async () => {
  const valkey = await sandbox.online({
    name: "health-valkey",
    engine: "valkey",
    version: "8",
    num_nodes: 1,
    size: "db-s-1vcpu-1gb",
    region: "tor1",
  });
  expect(await found(valkeyCheck(asked(valkey)))).toMatchObject({
    subject: "cache",
    verdict: "healthy",
  });

  const { host, port, user, password } = valkey.connection;
  const client = new Valkey({
    host,
    port,
    username: user,
    password,
    tls: { ca: await sandbox.authority(valkey.id) },
  });
  await client.lpush("transcription", ...Array.from({ length: 1001 }, (_, index) => `job ${index}`));
  client.disconnect();
  expect(await found(queueCheck(asked(valkey), ["transcription", "celery"]))).toMatchObject({
    verdict: "warning",
    answer: "1001 jobs wait in transcription, 0 jobs wait in celery",
  });
  expect(await found(queueCheck(asked(valkey), []))).toMatchObject({ verdict: "unchecked" });
});

it("a bucket gives back what was written to it, and keeps no version of that; one that is not there is critical", async () => {
  const { ports, spacesAccessKeyId, spacesSecretAccessKey } = sandbox.record;
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${ports.spaces}`,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: spacesAccessKeyId, secretAccessKey: spacesSecretAccessKey },
  });
  await client.send(new CreateBucketCommand({ Bucket: "health-media" }));
  const bucket = { name: "health-media", region: "tor1" };
  expect(await found(bucketCheck(access(), bucket, true))).toMatchObject({ verdict: "healthy" });
  const left = await client.send(new ListObjectVersionsCommand({ Bucket: bucket.name }));
  client.destroy();
  expect([left.Versions ?? [], left.DeleteMarkers ?? []]).toEqual([[], []]);
  expect(await found(bucketCheck(access(), bucket, false))).toMatchObject({ answer: "opens, and is empty" });
  expect(await found(bucketCheck(access(), { ...bucket, name: "health-gone" }, false))).toMatchObject({
    verdict: "critical",
  });
});
