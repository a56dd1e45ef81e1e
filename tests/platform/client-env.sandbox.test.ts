import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { clientEnv } from "../../platform/environment/sandbox-env.ts";
import { owner, startSpaces, type TestSpaces } from "../sandbox/spaces/support.ts";

let spaces: TestSpaces;

beforeAll(async () => {
  spaces = await startSpaces();
});

afterAll(() => spaces.close());
afterEach(() => vi.unstubAllEnvs());

it("is all that an S3 client needs: it is told nothing else", async () => {
  const port = Number(new URL(spaces.url()).port);
  const record = {
    ports: {
      api: 1,
      spaces: port,
      registry: 1,
      digitalocean: 1,
      kubernetes: 1,
      random: 1,
      tls: 1,
      "docker-build": 1,
      admin: 1,
    },
    apiToken: "t",
    spacesAccessKeyId: owner.accessKey,
    spacesSecretAccessKey: owner.secretKey,
  };
  for (const [name, value] of Object.entries(clientEnv({ record }))) vi.stubEnv(name, value);
  const client = new S3Client();
  try {
    await client.send(new CreateBucketCommand({ Bucket: "from-the-environment" }));
    const object = { Bucket: "from-the-environment", Key: "a" };
    await client.send(new PutObjectCommand({ ...object, Body: "text" }));
    const { Body } = await client.send(new GetObjectCommand(object));
    expect(await Body?.transformToString()).toBe("text");
  } finally {
    client.destroy();
  }
});
