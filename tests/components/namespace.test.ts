import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { Namespace, type NamespaceArgs } from "../../components/namespace/namespace.ts";
import { Priorities } from "../../components/priorities/priorities.ts";
import { priorities, priorityClassOf } from "../../components/priorities/priority.ts";
import { record, refusalOf } from "./harness.ts";

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
      spec: {
        hard: { "requests.cpu": "4", "requests.memory": "8Gi", pods: "40", "services.loadbalancers": "0" },
      },
    });
    expect(recording.named("space-deny-all").inputs).toMatchObject({
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    });
    expect(recording.named("space-limits").inputs).toMatchObject({
      spec: {
        limits: [
          {
            type: "Container",
            default: { cpu: "250m", memory: "256Mi" },
            max: { cpu: "4", memory: "8Gi" },
          },
        ],
      },
    });
  });

  it("lets no container be larger than it is told, and a Service make as many load balancers", async () => {
    const largestContainer = { cpu: "2", memory: "1Gi" };
    const quota = { ...sound.quota, loadBalancers: 1, largestContainer };
    const recording = await record(() => new Namespace("space", { ...sound, quota }));
    expect(recording.named("space-limits").inputs).toMatchObject({
      spec: { limits: [{ max: largestContainer }] },
    });
    expect(recording.named("space-quota").inputs).toMatchObject({
      spec: { hard: { "services.loadbalancers": "1" } },
    });
  });

  it("tells all faults of its quota at once", async () => {
    const largestContainer = { cpu: "100m", memory: "9Gi" };
    const quota = { cpu: "four", memory: "8Gi", pods: 0, largestContainer };
    const { message } = await refusalOf(() => new Namespace("space", { ...sound, quota }));
    expect(message).toContain("The arguments of space have 4 faults");
    expect(message).toContain('- quota.cpu is "four"');
    expect(message).toContain("- quota.pods is 0");
    expect(message).toContain('- quota.largestContainer.cpu is "100m", and must lie between 250m');
    expect(message).toContain('- quota.largestContainer.memory is "9Gi"');
  });

  it("comes after the priority classes that its pods name, and so does what is put into it", async () => {
    const recording = await record(() => {
      const { classes } = new Priorities("classes", { ownership: sound.ownership });
      return new Namespace("space", { ...sound, prerequisites: classes, registry: registry() }).placement
        .guards;
    });
    const waitsFor = (name: string) => recording.named(name).dependsOn;
    expect(waitsFor("space-namespace")).toEqual(Object.keys(priorities).map((each) => `classes-${each}`));
    const all = ["space-namespace", "space-quota", "space-limits", "space-registry"];
    for (const name of all.slice(1)) expect(waitsFor(name)).toContain("space-namespace");
    expect(waitsFor("space-deny-all")).toEqual(all);
    // Who waits for the last has waited for all.
    expect(recording.result).toHaveLength(1);
  });

  it("can be known before it is there, and waited for", async () => {
    const { result } = await record(() => new Namespace("space", sound));
    expect(result.placement.name).toBe("space");
    expect(result.placement.guards).toHaveLength(1);
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

describe("priorities", () => {
  it("stand in order, below Kubernetes' own and above who has none, and batch takes nobody's place", async () => {
    const recording = await record(() => new Priorities("classes", { ownership: sound.ownership }));
    const classes = recording.resources.slice(1).map(({ inputs }) => inputs);
    const values = classes.map(({ value }) => Number(value));
    expect(values).toEqual([...values].sort((one, other) => other - one));
    expect(Math.max(...values)).toBeLessThan(1_000_000_000);
    expect(Math.min(...values)).toBeGreaterThan(0);
    expect(recording.named("classes-batch").inputs).toMatchObject({
      metadata: { name: priorityClassOf("batch") },
      preemptionPolicy: "Never",
    });
  });
});
