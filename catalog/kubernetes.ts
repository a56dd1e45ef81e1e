/**
 * Minor versions of Kubernetes that DigitalOcean offers, ascending. The full slug (`1.36.3-do.5`) moves
 * under them and is asked of the API at each run.
 */
export const kubernetesMinors: readonly string[] = ["1.34", "1.35", "1.36"];

/** The day {@link kubernetesMinors} was last compared with `GET /v2/kubernetes/options` (ISO 8601). */
export const kubernetesCheckedOn = "2026-10-08";

/** The minor version our clusters follow; patches under it come in the maintenance window. */
export const kubernetesMinor = "1.36";

/** Why {@link kubernetesMinor} is that one. */
export const kubernetesMinorReason =
  "the newest that DigitalOcean offers, so the longest supported; the sandbox's control plane is of the same minor version";

/** What the platform of managed Kubernetes itself fixes. */
export const kubernetesLimits = {
  /** The smallest subnet for pods, as a prefix length: larger numbers are refused. */
  clusterSubnetMaximumPrefix: 20,
  /** The smallest subnet for services. */
  serviceSubnetMaximumPrefix: 24,
  /** Minor versions in which the control plane is highly available unless told otherwise. */
  highAvailabilityDefaultFrom: "1.36",
  /** Nodes one pool may have. */
  maximumNodesPerPool: 512,
} as const;

/** Processors that DOKS keeps for the kubelet on each node: one of 4 has 3.9 for pods. */
export const nodeReservedCpu = 0.1;

/**
 * Memory that DOKS keeps for kubelet, runtime and eviction, by the droplet's memory, in MiB: the difference between the
 * two columns of "Allocatable memory" in its documentation.
 */
export const nodeReservedMemoryMib: readonly (readonly [totalMib: number, reservedMib: number])[] = [
  [1024, 640],
  [2048, 1024],
  [3072, 1372],
  [4096, 1536],
  [8192, 2048],
  [16_384, 3072],
  [32_768, 4096],
  [49_152, 5120],
  [65_536, 6144],
  [98_304, 8192],
  [131_072, 9216],
  [196_608, 12_288],
];
