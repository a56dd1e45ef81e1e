import type { ArgumentChecks } from "../errors.ts";
import { type NodeCapacity, nodeCapacity } from "../kubernetes-cluster/node-capacity.ts";
import { gib, quantity } from "../kubernetes-quantities.ts";
import type { Resources } from "./pod.ts";

/** How many pods there are: a number, or a range that the processors' load decides within. */
export type Replicas =
  | number
  | {
      readonly minimum: number;
      readonly maximum: number;
      /** Mean load of the requested processors at which pods are added. @default 70 */
      readonly targetCpuPercent?: number;
    };

const mostPods = 200;

/**
 * Finds what is wrong with a number of pods.
 *
 * @param fewest 1 where others would find nobody. Default: 0.
 */
export function checkReplicas(checks: ArgumentChecks, path: string, replicas: Replicas, fewest = 0): void {
  if (typeof replicas === "number") {
    checks.range(path, replicas, fewest, mostPods);
    return;
  }
  checks.range(`${path}.minimum`, replicas.minimum, 1, mostPods);
  checks.range(`${path}.maximum`, replicas.maximum, replicas.minimum + 1, mostPods);
  checks.range(`${path}.targetCpuPercent`, replicas.targetCpuPercent, 10, 100);
}

/** Finds what is wrong with what a container is promised and allowed. */
export function checkResources(checks: ArgumentChecks, path: string, resources: Resources): void {
  for (const key of ["cpu", "cpuLimit", "memory"] as const) {
    checks.check(
      `${path}.${key}`,
      resources[key],
      (text) => (quantity(text) ?? 0) > 0,
      (text) => `is "${text}", which is no quantity of Kubernetes'`,
      key === "memory" ? 'Write it as in "512Mi" or "1Gi".' : 'Write it as in "250m" or "2".',
    );
  }
  checks.range(`${path}.gpus.count`, resources.gpus?.count, 1, 8);
  const promised = quantity(resources.cpu) ?? 0;
  checks.check(
    `${path}.cpuLimit`,
    resources.cpuLimit,
    (limit) => (quantity(limit) ?? promised) >= promised,
    (limit) => `is "${limit}", less than the "${resources.cpu}" that is promised`,
    "Raise the limit, or lower the promise.",
  );
}

/**
 * Finds what of a container no node has, so that its pod would wait for ever, or could never use what it is allowed.
 *
 * @param nodeSizes Sizes of the nodes that it may run on: one of them is enough. Those that the catalogue lacks are left out.
 */
export function checkFitsNode(
  checks: ArgumentChecks,
  path: string,
  resources: Resources,
  nodeSizes: readonly string[],
): void {
  const cpu = quantity(resources.cpu) ?? 0;
  const cpuLimit = quantity(resources.cpuLimit) ?? 0;
  const memoryMib = (gib(resources.memory) || 0) * 1024;
  const nodes = nodeSizes.flatMap((size) => {
    const capacity = nodeCapacity(size);
    return capacity === undefined ? [] : [{ size, ...capacity }];
  });
  const fits = (node: NodeCapacity) =>
    cpu <= node.cpu && cpuLimit <= node.vcpus && memoryMib <= node.memoryMib;
  if (nodes.some(fits)) return;
  const [largest] = nodes.toSorted((a, b) => b.vcpus - a.vcpus || b.memoryMib - a.memoryMib);
  if (largest === undefined) return;
  const node = `a node of the size ${largest.size} has`;
  if (cpu > largest.cpu) {
    const problem = `is ${resources.cpu}, and ${node} ${roundedDown(largest.cpu)} for it`;
    checks.add(`${path}.cpu`, problem, "Choose larger nodes, or promise less.");
  }
  if (cpuLimit > largest.vcpus) {
    const problem = `is ${resources.cpuLimit}, and ${node} ${largest.vcpus}`;
    checks.add(`${path}.cpuLimit`, problem, "Choose larger nodes, or allow less.");
  }
  if (memoryMib > largest.memoryMib) {
    const problem = `is ${resources.memory}, and ${node} ${largest.memoryMib}Mi for it`;
    checks.add(`${path}.memory`, problem, "Choose larger nodes, or less memory.");
  }
}

const roundedDown = (processors: number) => Math.floor(processors * 100) / 100;
