import { kindsOf } from "../kubernetes/kinds.ts";
import { selects } from "../kubernetes/selectors.ts";
import { byNamespace, namespaceOf, workloadsIn } from "../kubernetes/workloads.ts";
import { stackRule } from "../rule.ts";
import { autoscalersIn, isReplicated, replicasOf } from "./replicas.ts";

const isBudget = kindsOf("policy", "PodDisruptionBudget");

export const requireDisruptionBudgets = stackRule({
  name: "require-disruption-budgets",
  description:
    "What is there more than once keeps some of it while nodes are upgraded: without a budget all its nodes may be drained at once.",
  remedy: "add a PodDisruptionBudget with `maxUnavailable: 1` and the pods' labels as its selector",
  severity: "medium",
  references: [{ framework: "kube-score", id: "deployment-has-poddisruptionbudget" }],
  check: (resources, report) => {
    const autoscalers = autoscalersIn(resources);
    const budgets = byNamespace(
      resources.flatMap(({ type, props }) =>
        isBudget(type) ? [{ namespace: namespaceOf(props), selector: props.spec?.selector ?? {} }] : [],
      ),
    );
    for (const workload of workloadsIn(resources)) {
      if (!isReplicated(workload) || replicasOf(workload, autoscalers) < 2) continue;
      const covered = budgets
        .get(workload.namespace)
        ?.some(({ selector }) => selects(selector, workload.labels));
      if (covered !== true) report(workload.urn, "no disruption budget selects its pods");
    }
  },
});
