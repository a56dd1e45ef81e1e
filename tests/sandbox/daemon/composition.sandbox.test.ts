import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterEach, expect, it, vi } from "vitest";
import { expiryText } from "../../../platform/verbs/sandbox/expire.ts";
import { SandboxClient } from "../../../sandbox/daemon/client.ts";
import { resetSandbox, startSandbox } from "../../../sandbox/daemon/lifecycle.ts";
import { platformHome } from "../../../sandbox/home.ts";

const folder = mkdtempSync(join(tmpdir(), "daemon-test-"));
const home = platformHome({ PLATFORM_HOME: join(folder, "home") });

afterEach(async () => {
  vi.unstubAllEnvs();
  await resetSandbox(home);
  rmSync(folder, { recursive: true, force: true });
});

it("offers the version of Kubernetes that the given programs are", async () => {
  for (const program of ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", "kwok"]) {
    writeFileSync(join(folder, program), "#!/bin/sh\necho Kubernetes v1.35.1\n", { mode: 0o755 });
  }
  vi.stubEnv("PLATFORM_KUBERNETES_BIN", folder);
  const { ports, apiToken } = await startSandbox(home);
  const answer = await fetch(`http://127.0.0.1:${ports.api}/v2/kubernetes/options`, {
    headers: { authorization: `Bearer ${apiToken}` },
  });
  expect(await answer.json()).toMatchObject({ options: { versions: [{ slug: "1.35.1-do.0" }] } });
});

it("records the API and Spaces into one file", async () => {
  const record = await startSandbox(home);
  const file = join(folder, "requests.jsonl");
  await new SandboxClient(record).startRecording(file);
  await fetch(`http://127.0.0.1:${record.ports.api}/v2/account`);
  await fetch(`http://127.0.0.1:${record.ports.spaces}/media/a`);
  const services = () =>
    readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).service);
  await expect.poll(services, { timeout: 60_000 }).toEqual(["api", "spaces"]);
});

it("lets lifecycle rules act ahead of time when asked to, and says so in words", async () => {
  const record = await startSandbox(home);
  const s3 = new S3Client({
    endpoint: `http://127.0.0.1:${record.ports.spaces}`,
    region: "fra1",
    forcePathStyle: true,
    credentials: { accessKeyId: record.spacesAccessKeyId, secretAccessKey: record.spacesSecretAccessKey },
  });
  try {
    const Bucket = "logs";
    await s3.send(new CreateBucketCommand({ Bucket }));
    const Rules = [{ ID: "a", Status: "Enabled" as const, Filter: { Prefix: "" }, Expiration: { Days: 7 } }];
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
    await s3.send(new PutObjectCommand({ Bucket, Key: "log", Body: "line" }));
    const sandbox = new SandboxClient(record);
    expect(expiryText(7, await sandbox.expire(7))).toBe("Nothing expires within 7 days.");
    expect(expiryText(8, await sandbox.expire(8))).toBe("logs: 1 gone for good");
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).Contents).toBeUndefined();
    await expect(sandbox.expire(-1)).rejects.toThrow(/days/);
  } finally {
    s3.destroy();
  }
});
