import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { BucketGrant } from "../../components/joints.ts";
import { bucketVariables, lokiConfiguration } from "../../components/loki/configuration.ts";
import { Loki, type LokiArgs } from "../../components/loki/loki.ts";
import { silence } from "../../components/traffic/network-policy.ts";
import { ownership } from "./fixtures.ts";
import { record, refusalOf } from "./harness.ts";

const bucket: BucketGrant = {
  bucket: pulumi.output("whisper-staging-logs-k7f2q"),
  region: pulumi.output("tor1"),
  endpoint: pulumi.output("https://tor1.digitaloceanspaces.com"),
  accessKeyId: pulumi.output("access-key"),
  secretAccessKey: pulumi.secret(pulumi.output("secret-key")),
  permission: "readwrite",
};
const sound: LokiArgs = {
  ownership,
  namespace: { name: "whisper-staging-logs", guards: [] },
  bucket,
  traffic: silence,
  retentionDays: 30,
  diskGib: 5,
  resources: { cpu: "100m", cpuLimit: "1", memory: "512Mi" },
};
const loki = (args: Partial<LokiArgs> = {}) => record(() => new Loki("loki", { ...sound, ...args }));

describe("Loki", () => {
  it("keeps what is not in the bucket yet on a volume that declares itself and is protected", async () => {
    const claim = (await loki()).named("loki-data-0");
    expect(claim.protect).toBe(true);
    expect(claim.inputs).toMatchObject({
      metadata: {
        labels: { "whisper.platform/store": "volume", "whisper.platform/recovery-point": "everything" },
      },
      spec: { resources: { requests: { storage: "5Gi" } } },
    });
  });

  it("has the bucket's key in a Secret, and nowhere else", async () => {
    const recording = await loki();
    const secret = recording.named("loki-bucket");
    expect(secret.secretInputs).toContain("data");
    expect(Object.keys(Object(secret.inputs.data)).sort()).toEqual(Object.values(bucketVariables).sort());
    for (const { inputs } of [...recording.ofType("ConfigMap"), ...recording.ofType("StatefulSet")])
      expect(JSON.stringify(inputs)).not.toContain("secret-key");
  });

  it("tells all faults of its size at once", async () => {
    const resources = { cpu: "1", cpuLimit: "1", memory: "256Mi" };
    const { message } = await refusalOf(
      () => new Loki("loki", { ...sound, retentionDays: 0, diskGib: 1, resources }),
    );
    expect(message).toContain("retentionDays is 0");
    expect(message).toContain("diskGib is 1");
    expect(message).toContain("resources.memory is 256Mi");
  });
});

describe("Loki's configuration", () => {
  const settings: unknown = parse(lokiConfiguration({ retentionDays: 30, memoryMib: 512 }));

  it("deletes what is older than 30 days, and answers questions about no more", () => {
    expect(settings).toMatchObject({
      limits_config: { retention_period: "720h", max_query_length: "744h" },
      compactor: { retention_enabled: true, delete_request_store: "s3" },
    });
  });

  it("takes bucket and key from its environment", () => {
    expect(settings).toMatchObject({
      common: {
        storage: {
          s3: {
            bucketnames: `\${${bucketVariables.bucket}}`,
            secret_access_key: `\${${bucketVariables.secretAccessKey}}`,
          },
        },
      },
    });
  });
});
