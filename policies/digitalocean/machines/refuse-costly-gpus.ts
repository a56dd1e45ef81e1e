import type { PolicyResource } from "@pulumi/policy";
import { dropletSizes } from "../../../catalog/sizes.ts";
import { stackRule } from "../../rule.ts";
import { settings } from "../../settings.ts";
import { machinesOf } from "./machine.ts";

const clusterType = "digitalocean:index/kubernetesCluster:KubernetesCluster";
const poolType = "digitalocean:index/kubernetesNodePool:KubernetesNodePool";

/** Machines of one size that a resource makes, at most. */
interface Machines {
  readonly urn: string;
  readonly path: string;
  readonly size: string;
  readonly count: number;
}

export const refuseCostlyGpus = stackRule({
  name: "refuse-costly-gpus",
  description:
    "Machines with GPUs stay within what the environment may spend on them, one by one and all together: one wrong letter in a size is thousands of dollars a week.",
  remedy:
    "take a smaller size or fewer, or raise `policies:gpuHourlyUsd: { machine: 5, all: 20 }` in the environment's configuration; catalog/sizes.ts has the prices",
  severity: "high",
  references: [{ framework: "SOC 2", id: "A1.1" }],
  check: (resources, report) => {
    const { gpuHourlyUsd: budget } = settings();
    const priced = gpusOf(resources).map((machines) => ({ ...machines, hourlyUsd: hourlyUsdOf(machines) }));
    for (const { urn, path, size, hourlyUsd } of priced) {
      if (hourlyUsd === undefined) report(urn, `${path}: nobody knows what ${size} costs`);
      else if (hourlyUsd > budget.machine)
        report(urn, `${path}: ${size} is ${hourlyUsd} $ an hour, and one may be ${budget.machine} $`);
    }
    const all = priced.reduce((sum, { hourlyUsd = 0, count }) => sum + hourlyUsd * count, 0);
    const costliest = priced.sort((one, other) => costOf(other) - costOf(one))[0];
    if (costliest !== undefined && all > budget.all)
      report(
        costliest.urn,
        `${costliest.path}: all machines with GPUs together are up to ${all.toFixed(2)} $ an hour, and may be ${budget.all} $`,
      );
  },
});

const costOf = ({
  hourlyUsd = 0,
  count,
}: {
  readonly hourlyUsd?: number | undefined;
  readonly count: number;
}) => hourlyUsd * count;

const hourlyUsdOf = ({ size }: Machines): number | undefined =>
  dropletSizes.find(({ slug }) => slug === size)?.hourlyUsd;

function gpusOf(resources: readonly PolicyResource[]): Machines[] {
  const machines = machinesOf(resources).map(({ resource, props, tagsProperty }) => ({
    urn: resource.urn,
    path: tagsProperty === "tags" ? "size" : `${tagsProperty}.size`,
    size: String(props.size),
    count:
      tagsProperty === "tags" ? 1 : mostOf(resource.props.config, ["maxInstances", "targetNumberInstances"]),
  }));
  const pools = resources.flatMap(({ urn, type, props }) => {
    const pool = type === clusterType ? props.nodePool : type === poolType ? props : undefined;
    if (pool === undefined) return [];
    const path = type === clusterType ? "nodePool.size" : "size";
    return [{ urn, path, size: String(pool.size), count: mostOf(pool, ["maxNodes", "nodeCount"]) }];
  });
  return [...machines, ...pools].filter(({ size }) => size.startsWith("gpu-"));
}

/** The largest of some counts that are given; 1 where none is. */
const mostOf = (holder: PolicyResource["props"] | undefined, keys: readonly string[]): number =>
  Math.max(1, ...keys.flatMap((key) => (typeof holder?.[key] === "number" ? [holder[key]] : [])));
