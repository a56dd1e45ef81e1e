import type * as pulumi from "@pulumi/pulumi";
import { kubernetesLimits } from "../../catalog/kubernetes.ts";
import { dropletSizes } from "../../catalog/sizes.ts";
import type { ArgumentChecks } from "../errors.ts";
import { checkSizeInRegion } from "../region.ts";
import { poolKey } from "./pool-placement.ts";

/** What keeps pods off a node that do not tolerate it. */
interface Taint {
  /** Its name, with a domain of whose it is. @example "example.com/purpose" */
  readonly key: string;
  /** What a pod that tolerates it must know. @example "batch" */
  readonly value: string;
  /** Whether a pod without tolerance is not put there, is rather put elsewhere, or has to go too. */
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** A set of equal nodes. */
export interface NodePoolArgs {
  /**
   * Slug of the nodes' size. One with GPUs makes a pool for pods that ask for them: DigitalOcean itself installs the
   * device plugin, labels the nodes and taints them with `nvidia.com/gpu` or `amd.com/gpu`.
   *
   * Caution: a change replaces the pool. The new one comes up first, then the old one's pods move as their disruption budgets
   * allow; volumes follow them. Both pools are paid for meanwhile.
   * @example "s-4vcpu-8gb"
   */
  readonly size: string;
  /** Fewest nodes, at least one; the autoscaler keeps these. */
  readonly minimumNodes: number;
  /** Most nodes; when it equals {@link minimumNodes} the pool has a fixed size. */
  readonly maximumNodes: number;
  /**
   * Whether only pods that name the pool run there: its nodes bear the taint `whisper.platform/pool=<name>:NoSchedule`,
   * which a pod that names its pool tolerates.
   * @default false: any pod may
   */
  readonly dedicated?: boolean;
  /**
   * Labels of the nodes, for workloads that choose; each bears `whisper.platform/pool=<name>` anyhow.
   * @default none
   */
  readonly labels?: Record<string, string>;
  /**
   * Further taints of the nodes, for workloads that must be let in.
   * @default none
   */
  readonly taints?: readonly Taint[];
}

/** The labels of a pool's nodes: by the first, a workload chooses the pool. */
export function labelsOfPool(poolName: string, { labels }: NodePoolArgs): Record<string, string> {
  return { [poolKey]: poolName, ...labels };
}

/** The taints of a pool's nodes. */
export function taintsOfPool(poolName: string, { dedicated, taints = [] }: NodePoolArgs): Taint[] {
  return [
    ...(dedicated ? [{ key: poolKey, value: poolName, effect: "NoSchedule" as const }] : []),
    ...taints,
  ];
}

/** Finds what is wrong with a cluster's pools. */
export function checkPools(
  checks: ArgumentChecks,
  pools: Readonly<Record<string, NodePoolArgs>>,
  region: pulumi.Input<string>,
): void {
  const all = Object.entries(pools);
  if (!all.some(([, pool]) => carriesAnything(pool))) {
    const problem = all.length === 0 ? "is empty" : "has only pools that are kept for some pods";
    checks.add(
      "pools",
      `${problem}, so that most workloads have no node but the default pool's tiny one`,
      "Name at least one pool that is not dedicated and has neither GPUs nor taints, such as general.",
    );
  }
  for (const [poolName, pool] of all) checkPool(checks, `pools.${poolName}`, poolName, pool, region);
}

function checkPool(
  checks: ArgumentChecks,
  path: string,
  poolName: string,
  { size, minimumNodes, maximumNodes, labels = {} }: NodePoolArgs,
  region: pulumi.Input<string>,
): void {
  if (poolName === seatPool) {
    checks.add(path, "is the name of the pool that the cluster is born with", "Choose another name.");
  }
  const known = sizeOf(size);
  checks.check(
    `${path}.size`,
    size,
    () => known !== undefined,
    (slug) => `is "${slug}", a size the catalogue does not have`,
    "Choose a slug of catalog/sizes.ts.",
  );
  checkSizeInRegion(checks, `${path}.size`, known, region);
  checks.range(`${path}.minimumNodes`, minimumNodes, 1, kubernetesLimits.maximumNodesPerPool);
  checks.range(`${path}.maximumNodes`, maximumNodes, 1, kubernetesLimits.maximumNodesPerPool);
  checks.check(
    `${path}.maximumNodes`,
    maximumNodes,
    (maximum) => maximum >= minimumNodes,
    (maximum) => `is ${maximum}, and minimumNodes is ${minimumNodes}`,
    "Raise the one or lower the other.",
  );
  checks.check(
    `${path}.labels.${poolKey}`,
    labels[poolKey],
    (label) => label === poolName,
    (label) => `is "${label}", and the label is the pool's own name, by which pods choose it`,
    "Leave it out.",
  );
}

/** Short name of the pool that a cluster is born with. */
export const seatPool = "seat";

const sizeOf = (size: string) => dropletSizes.find(({ slug }) => slug === size);

/** Whether a pod that names no pool and tolerates nothing can run there. */
export function carriesAnything({ size, dedicated = false, taints = [] }: NodePoolArgs): boolean {
  const repels = taints.some(({ effect }) => effect !== "PreferNoSchedule");
  return !dedicated && !repels && sizeOf(size)?.gpu === undefined;
}
