import { workloadsIn } from "../kubernetes/workloads.ts";
import { stackRule } from "../rule.ts";
import { budgetsIn, isFor } from "./budgets.ts";
import { autoscalersIn, isReplicated, replicasOf } from "./replicas.ts";

export const refuseBlockingBudgets = stackRule({
  name: "refuse-blocking-budgets",
  description:
    "A disruption budget lets a pod go: one that lets none go holds up every upgrade of the cluster, until somebody ends it by force.",
  remedy: "set `maxUnavailable: 1`, and take `minAvailable` out",
  severity: "medium",
  references: [{ framework: "kube-score", id: "poddisruptionbudget-has-policy" }],
  check: (resources, report) => {
    const budgets = budgetsIn(resources);
    const standing = workloadsIn(resources).filter(({ kind }) => !ending.includes(kind));
    const autoscalers = autoscalersIn(resources);
    for (const budget of budgets) {
      const { urn, spec } = budget;
      const { maxUnavailable, minAvailable } = spec;
      if (maxUnavailable === undefined && minAvailable === undefined)
        report(urn, "spec: it says neither how many must stay nor how many may go");
      if (maxUnavailable !== undefined && Number.parseInt(String(maxUnavailable), 10) < 1)
        report(urn, "spec.maxUnavailable: none may go");
      if (minAvailable === undefined) continue;
      if (minAvailable === "100%") {
        report(urn, "spec.minAvailable: all must stay");
        continue;
      }
      const selected = standing.filter((workload) => isFor(budget, workload));
      // Of a DaemonSet nobody knows how many there are before there are nodes.
      if (!selected.every(isReplicated)) continue;
      const pods = selected.reduce((sum, workload) => sum + replicasOf(workload, autoscalers), 0);
      if (pods > 0 && staying(minAvailable, pods) >= pods)
        report(urn, `spec.minAvailable: all must stay, for there are ${pods} of what it selects`);
    }
  },
});

/** Kinds whose pods end by themselves: nothing counts on them to stay. */
const ending = ["Job", "CronJob"];

/** How many of some pods must stay. Kubernetes rounds a share up. */
function staying(minAvailable: unknown, pods: number): number {
  const count = Number.parseInt(String(minAvailable), 10);
  return String(minAvailable).endsWith("%") ? Math.ceil((count * pods) / 100) : count;
}
