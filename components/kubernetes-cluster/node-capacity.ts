import { nodeReservedCpu, nodeReservedMemoryMib } from "../../catalog/kubernetes.ts";
import { type DropletSize, dropletSizes } from "../../catalog/sizes.ts";

/** Of what a node has for pods, the part that is left to what runs on every node: network, storage, log shipping. */
const shareOfDaemons = 0.1;

/** What they take of a small node too: Falco its 256 MiB, and as much DigitalOcean's own. */
const leastForDaemonsMib = 512;

/** The processors that they take at least: Falco its tenth, and as much DigitalOcean's own. */
const leastForDaemonsCpu = 0.2;

/** What one container may have on a node of a size. */
export interface NodeCapacity {
  /** Processors that it can be promised. */
  readonly cpu: number;
  /** Memory that it can be promised, in MiB. */
  readonly memoryMib: number;
  /** Processors that the machine has: more than these it cannot use, whatever it is allowed. */
  readonly vcpus: number;
}

/**
 * What of a node is left to one container, once the kubelet and what runs on every node have theirs.
 *
 * @returns undefined for a size that the catalogue does not have
 */
export function nodeCapacity(nodeSize: string): NodeCapacity | undefined {
  const size = dropletSizes.find(({ slug }) => slug === nodeSize);
  if (size === undefined) return undefined;
  const memoryMib = podMemoryMib(size);
  const cpu = size.vcpus - nodeReservedCpu;
  return {
    cpu: cpu - Math.max(cpu * shareOfDaemons, leastForDaemonsCpu),
    memoryMib: Math.floor(memoryMib - Math.max(memoryMib * shareOfDaemons, leastForDaemonsMib)),
    vcpus: size.vcpus,
  };
}

/** Memory that a node of a size has for all its pods, in MiB. */
function podMemoryMib({ memoryMib }: DropletSize): number {
  const reserved = nodeReservedMemoryMib.find(([totalMib]) => totalMib >= memoryMib);
  return memoryMib - (reserved?.[1] ?? memoryMib / 16);
}
