import { migrationResources } from "../components/application/migrations.ts";
import { edgeResources } from "../components/edge/edge.ts";
import type { ArgumentChecks } from "../components/errors.ts";
import { gib, quantity } from "../components/kubernetes-quantities.ts";
import type { Resources } from "../components/workload/pod.ts";
import type { Replicas } from "../components/workload/sizing.ts";
import type { Posture } from "./posture.ts";

/** Equal pods of a namespace, as many as there are at most. */
interface Pods {
  readonly count: number;
  /** Of each container. */
  readonly resources: readonly Resources[];
}

/** Pods of a Deployment: one more than its replicas while it rolls. */
const rolling = (replicas: Replicas, ...resources: readonly Resources[]): Pods => ({
  count: (typeof replicas === "number" ? replicas : replicas.maximum) + 1,
  resources,
});

/** What runs in each namespace at most; a release's candidate is given what is left. */
function podsOf({ application, edge, monitoring }: Posture): Record<keyof Posture["quotas"], Pods[]> {
  const parts = Object.values(application).map(({ replicas, resources }) => rolling(replicas, resources));
  return {
    application: [...parts, { count: 1, resources: [migrationResources] }],
    edge: [rolling(edge.replicas, ...Object.values(edgeResources))],
    monitoring: [{ count: 1, resources: [monitoring.resources] }],
  };
}

/** Finds what of a namespace's quota is less than what runs in it: the last pods would never start. */
export function checkQuota(
  checks: ArgumentChecks,
  namespace: keyof Posture["quotas"],
  posture: Posture,
): void {
  const quota = posture.quotas[namespace];
  const pods = podsOf(posture)[namespace];
  const most = (read: (resources: Resources) => number) =>
    pods.reduce(
      (sum, { count, resources }) => sum + count * resources.reduce((all, each) => all + read(each), 0),
      0,
    );
  const enough = (key: keyof typeof quota, given: number, needed: number, unit: string) => {
    const rounded = Math.ceil(needed * 100) / 100;
    checks.check(
      `quota.${key}`,
      quota[key],
      () => given >= needed,
      (value) => `is ${value}, and what runs there needs up to ${rounded}${unit}, a roll-out included`,
      `Give at least ${rounded}${unit}, or run less.`,
    );
  };
  enough(
    "cpu",
    quantity(quota.cpu) ?? 0,
    most(({ cpu }) => quantity(cpu) ?? 0),
    "",
  );
  enough(
    "memory",
    gib(quota.memory) || 0,
    most(({ memory }) => gib(memory) || 0),
    "Gi",
  );
  enough(
    "pods",
    quota.pods,
    pods.reduce((sum, { count }) => sum + count, 0),
    "",
  );
}
