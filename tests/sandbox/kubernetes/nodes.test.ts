import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocatableMemoryMib, nodeResources } from "../../../sandbox/kubernetes/nodes/capacity.ts";
import {
  dropletIdOf,
  nodeLabels,
  nodeManifest,
  nodeTaints,
} from "../../../sandbox/kubernetes/nodes/manifest.ts";
import type { ClusterSpec } from "../../../sandbox/kubernetes/runtime.ts";
import { nodeSpec } from "./node-spec.ts";

const CLUSTER: ClusterSpec = {
  id: "c",
  name: "staging",
  region: "fra1",
  version: "1.36.0-do.0",
  vpcUuid: "v",
  clusterSubnet: "10.244.0.0/16",
  serviceSubnet: "10.245.0.0/16",
  ha: false,
};
const GPU = { brand: "nvidia", model: "h100", count: 8 } as const;

describe("what a node offers", () => {
  it.each([
    [2048, 1024],
    [4096, 2560],
    [8192, 6144],
    [16_384, 13_312],
    [65_536, 59_392],
  ])("of %i MiB, %i MiB are for pods", (total, allocatable) => {
    expect(allocatableMemoryMib(total)).toBe(allocatable);
  });

  it("grows with the droplet, and never exceeds it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 512, max: 2 ** 21 }), fc.integer({ min: 1, max: 4096 }), (mib, more) => {
        expect(allocatableMemoryMib(mib)).toBeGreaterThan(0);
        expect(allocatableMemoryMib(mib)).toBeLessThan(mib);
        expect(allocatableMemoryMib(mib + more)).toBeGreaterThanOrEqual(allocatableMemoryMib(mib));
      }),
    );
  });

  it("has its GPUs both ways", () => {
    const { capacity, allocatable } = nodeResources({
      vcpus: 160,
      memoryMib: 1_966_080,
      diskGib: 2048,
      gpu: GPU,
    });
    expect(capacity).toMatchObject({ cpu: "160", pods: "110", "nvidia.com/gpu": "8" });
    expect(allocatable).toMatchObject({ cpu: "159900m", "nvidia.com/gpu": "8" });
  });
});

describe("a node object", () => {
  it("bears DOKS's labels over the pool's own", () => {
    const labels = nodeLabels(CLUSTER, nodeSpec(1, { gpu: GPU, labels: { tier: "gpu", region: "mars1" } }));
    expect(labels).toMatchObject({
      tier: "gpu",
      region: "fra1",
      "doks.digitalocean.com/node-pool": "main",
      "doks.digitalocean.com/version": "1.36.0-do.0",
      "doks.digitalocean.com/gpu-brand": "nvidia",
      "doks.digitalocean.com/gpu-model": "h100",
      "node.kubernetes.io/instance-type": "s-2vcpu-4gb",
      "topology.kubernetes.io/region": "fra1",
    });
  });

  it("is tainted for its GPU, once", () => {
    const taint = { key: "nvidia.com/gpu", effect: "NoSchedule" };
    expect(nodeTaints(nodeSpec(1, { gpu: GPU }))).toEqual([taint]);
    expect(nodeTaints(nodeSpec(1, { gpu: GPU, taints: [{ ...taint, value: "" }] }))).toEqual([taint]);
    expect(nodeTaints(nodeSpec(1))).toEqual([]);
  });

  it("loses the taints that its pool has lost, and keeps those of others", () => {
    const spot = { key: "spot", value: "true", effect: "NoSchedule" };
    const foreign = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };
    const before = nodeManifest(CLUSTER, nodeSpec(1, { taints: [spot] }));
    const existing = {
      ...before,
      spec: { ...before.spec, taints: [...(before.spec?.taints ?? []), foreign] },
    };
    expect(nodeManifest(CLUSTER, nodeSpec(1), existing).spec?.taints).toEqual([foreign]);
    expect(nodeManifest(CLUSTER, nodeSpec(1, { taints: [spot] }), existing).spec?.taints).toEqual([
      foreign,
      spot,
    ]);
  });

  it("names its droplet", () => {
    expect(dropletIdOf(nodeManifest(CLUSTER, nodeSpec(5)))).toBe(1005);
    expect(dropletIdOf({ spec: { providerID: "aws:///i-1" } })).toBeUndefined();
    expect(dropletIdOf({})).toBeUndefined();
  });
});
