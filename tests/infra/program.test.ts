import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { program } from "../../infra/program.ts";
import { record, refusalOf, resolved } from "../components/harness.ts";

const committed: Record<string, unknown> = parse(
  readFileSync(new URL("../../Pulumi.staging.yaml", import.meta.url), "utf8"),
).config;

/** Runs the program as the engine would: every value as text, lists and objects as JSON, secrets decrypted. */
function configured(values: Record<string, unknown>, secretKeys: string[] = []) {
  const texts = Object.entries({ ...committed, ...values }).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return () => {
    pulumi.runtime.setAllConfig(Object.fromEntries(texts), secretKeys);
    return program();
  };
}

const slack = {
  "whisper-platform:alerts": { emails: ["on-call@example.com"], slackChannel: "#alerts" },
  "whisper-platform:slackWebhook": "https://hooks.slack.com/services/T/B/secret",
};

describe("the program", () => {
  it("comes up with the committed configuration, and says where everything is", async () => {
    const { result } = await record(configured({}));
    expect(await resolved(pulumi.output(result))).toMatchObject({
      urls: { site: "https://staging.whisper.example.com", api: "https://api.staging.whisper.example.com" },
      edge: { address: "198.51.100.20" },
      buckets: { media: "whisper-staging-media-k7f2q" },
    });
  });

  it("keeps what is secret among its outputs secret, and nothing else holds one", async () => {
    const { result } = await record(configured({}));
    const { secrets, ...gpuWorkers } = result.gpuWorkers as { secrets: pulumi.Output<string> };
    expect(await pulumi.isSecret(secrets)).toBe(true);
    const files = JSON.parse(await resolved(secrets));
    expect(files["worker.env"]).toContain("S3_BUCKET=whisper-staging-media-k7f2q\n");
    expect(files["docker/config.json"]).toBe('{"auths":{}}');
    const rest = await resolved(pulumi.output({ ...result, gpuWorkers }));
    expect(JSON.stringify(rest)).not.toMatch(/p@ss|us:er|secret-|access-/);
  });

  it("refuses a faulty configuration in one message, without a stack trace", async () => {
    const refusal = await refusalOf(
      configured({ "whisper-platform:region": "mars1", "whisper-platform:adminCidrs": ["203.0.113.9/24"] }),
    );
    expect(pulumi.RunError.isInstance(refusal)).toBe(true);
    expect(refusal.message).toContain("has 2 faults");
    expect(refusal.message).toContain("whisper-platform:region");
    expect(refusal.message).toContain("whisper-platform:adminCidrs[0]");
  });

  it("takes a secret that was set as one, and keeps it secret", async () => {
    const recording = await record(configured(slack, ["whisper-platform:slackWebhook"]));
    const alert = recording.named("whisper-staging-alerts-postgres-cpu");
    expect(JSON.stringify(alert.inputs)).toContain("https://hooks.slack.com/services/T/B/secret");
    expect(alert.secretInputs).toEqual(["alerts"]);
  });

  it("lets operators sign in to Grafana by the provider of the configuration", async () => {
    const grafanaSignIn = {
      providerName: "Okta",
      clientId: "0oa1b2c3d4",
      authorizationUrl: "https://id.example.com/authorize",
      tokenUrl: "https://id.example.com/token",
      userInfoUrl: "https://id.example.com/userinfo",
      groups: { admin: ["platform"] },
    };
    const secret = { "whisper-platform:grafanaClientSecret": "secret-of-the-client" };
    const recording = await record(
      configured({ "whisper-platform:grafanaSignIn": grafanaSignIn, ...secret }, Object.keys(secret)),
    );
    const configuration = JSON.stringify(recording.named("whisper-staging-grafana-configuration").inputs);
    expect(configuration).toContain("contains(groups[*], 'platform') && 'Admin'");
    const traffic = JSON.stringify(recording.named("whisper-staging-grafana-traffic").inputs);
    expect(traffic).toContain('"port":443');
  });

  it("refuses a secret that was set in the clear, and does not repeat it", async () => {
    const { message } = await refusalOf(configured(slack));
    expect(message).toContain("whisper-platform:slackWebhook is a secret, and was set in the clear");
    expect(message).not.toContain("T/B/secret");
  });

  it("says why an environment is being taken down", async () => {
    const decommission = { confirm: "staging", reason: "moved to another region" };
    const { result } = await record(configured({ "whisper-platform:decommission": decommission }));
    expect(result.decommission).toEqual(decommission);
  });
});
