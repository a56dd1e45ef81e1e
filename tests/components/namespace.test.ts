import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { Namespace, type NamespaceArgs } from "../../components/namespace/namespace.ts";
import { record } from "./harness.ts";

const sound: NamespaceArgs = {
  ownership: { environment: "staging", owner: "platform-team", costCentre: "transcription" },
  component: "application",
  quota: { cpu: "4", memory: "8Gi", pods: 40 },
};

const registry = () => ({
  endpoint: pulumi.output("registry.example.com/whisper"),
  dockerConfigJson: pulumi.secret('{"auths":{}}'),
});

describe("a namespace", () => {
  it("trusts nobody: restricted pods, a quota, limits, and no traffic", async () => {
    const recording = await record(() => new Namespace("space", sound));
    expect(recording.named("space-namespace").inputs).toMatchObject({
      metadata: { name: "space", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    });
    expect(recording.named("space-quota").inputs).toMatchObject({
      spec: { hard: { "requests.cpu": "4", "requests.memory": "8Gi", pods: "40" } },
    });
    expect(recording.named("space-deny-all").inputs).toMatchObject({
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    });
    expect(recording.named("space-limits").inputs).toMatchObject({
      spec: { limits: [{ type: "Container" }] },
    });
  });

  it("can be known before it is there, and waited for", async () => {
    const { result } = await record(() => new Namespace("space", sound));
    expect(result.placement.name).toBe("space");
    expect(result.placement.guards).toHaveLength(4);
    expect(result.placement).not.toHaveProperty("imagePullSecret");
  });

  it("pulls images with the registry's credentials", async () => {
    const recording = await record(() => new Namespace("space", { ...sound, registry: registry() }));
    expect(recording.result.placement.imagePullSecret).toBe("space-registry");
    expect(recording.named("space-registry").secretInputs).toEqual(["data"]);
    expect(recording.named("space-registry").inputs).toMatchObject({
      type: "kubernetes.io/dockerconfigjson",
      data: { ".dockerconfigjson": Buffer.from('{"auths":{}}').toString("base64") },
    });
  });
});
