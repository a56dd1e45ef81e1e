import type { ArgumentChecks } from "../errors.ts";
import { quantity } from "../kubernetes-quantities.ts";
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

/** Finds what is wrong with a number of pods. */
export function checkReplicas(checks: ArgumentChecks, path: string, replicas: Replicas): void {
  if (typeof replicas === "number") {
    checks.range(path, replicas, 0, mostPods);
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
