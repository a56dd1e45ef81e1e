/** What a worker offers to pods: the droplet's size minus what DOKS reserves for the system. */
import { nodeReservedMemoryMib } from "../../../catalog/kubernetes.ts";
import type { NodeSpec } from "../runtime.ts";

const RESERVED_CPU_MILLICORES = 100;
/** The part of the disk that is free for pods once the image and kubelet's reserve are off. */
const ALLOCATABLE_DISK_SHARE = 0.9;
const PODS_PER_NODE = 110;

/** Resource name of a vendor's GPUs, as its device plugin registers it. */
export const GPU_RESOURCES = { nvidia: "nvidia.com/gpu", amd: "amd.com/gpu" } as const;

/** `status.capacity` and `status.allocatable` of a node. */
export interface NodeResources {
  capacity: Record<string, string>;
  allocatable: Record<string, string>;
}

export function nodeResources(
  node: Pick<NodeSpec, "vcpus" | "memoryMib" | "diskGib" | "gpu">,
): NodeResources {
  const diskMib = node.diskGib * 1024;
  const equal = {
    pods: String(PODS_PER_NODE),
    ...(node.gpu === undefined ? {} : { [GPU_RESOURCES[node.gpu.brand]]: String(node.gpu.count) }),
  };
  return {
    capacity: {
      cpu: String(node.vcpus),
      memory: `${node.memoryMib}Mi`,
      "ephemeral-storage": `${diskMib}Mi`,
      ...equal,
    },
    allocatable: {
      cpu: `${node.vcpus * 1000 - RESERVED_CPU_MILLICORES}m`,
      memory: `${allocatableMemoryMib(node.memoryMib)}Mi`,
      "ephemeral-storage": `${Math.floor(diskMib * ALLOCATABLE_DISK_SHARE)}Mi`,
      ...equal,
    },
  };
}

/** Memory for pods on a droplet of `totalMib`, in whole MiB. */
export function allocatableMemoryMib(totalMib: number): number {
  return Math.floor(totalMib - reservedMemoryMib(totalMib));
}

/** Between two rows of the table it is interpolated, beyond the last it stays in proportion. */
function reservedMemoryMib(totalMib: number): number {
  let below: readonly [number, number] = [0, 0];
  for (const row of nodeReservedMemoryMib) {
    if (totalMib <= row[0]) {
      const share = (totalMib - below[0]) / (row[0] - below[0]);
      return below[1] + share * (row[1] - below[1]);
    }
    below = row;
  }
  return (totalMib / below[0]) * below[1];
}
