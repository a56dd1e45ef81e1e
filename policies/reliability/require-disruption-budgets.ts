import { workloadsIn } from "../kubernetes/workloads.ts";
import { stackRule } from "../rule.ts";
import { budgetsIn, isFor } from "./budgets.ts";
import { autoscalersIn, isReplicated, replicasOf } from "./replicas.ts";

export const requireDisruptionBudgets = stackRule({
  name: "require-disruption-budgets",
  description:
    "What is there more than once keeps some of it while nodes are upgraded: without a budget all its nodes may be drained at once.",
  remedy: "add a PodDisruptionBudget with `maxUnavailable: 1` and the pods' labels as its selector",
  severity: "medium",
  references: [{ framework: "kube-score", id: "deployment-has-poddisruptionbudget" }],
  check: (resources, report) => {
    const autoscalers = autoscalersIn(resources);
    const budgets = budgetsIn(resources);
    for (const workload of workloadsIn(resources)) {
      if (!isReplicated(workload) || replicasOf(workload, autoscalers) < 2) continue;
      if (!budgets.some((budget) => isFor(budget, workload)))
        report(workload.urn, "no disruption budget selects its pods");
    }
  },
});
