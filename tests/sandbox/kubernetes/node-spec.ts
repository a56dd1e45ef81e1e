import type { NodeSpec } from "../../../sandbox/kubernetes/runtime.ts";

/** A small node; droplet id, name and address follow from its number. */
export function nodeSpec(number: number, changes: Partial<NodeSpec> = {}): NodeSpec {
  return {
    id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    name: `main-${number}`,
    dropletId: 1000 + number,
    poolId: "cdda885e-7663-40c8-bc74-3a036c66545d",
    poolName: "main",
    size: "s-2vcpu-4gb",
    vcpus: 2,
    memoryMib: 4096,
    diskGib: 80,
    region: "fra1",
    privateIp: `10.10.0.${number}`,
    labels: {},
    taints: [],
    tags: [],
    ...changes,
  };
}
