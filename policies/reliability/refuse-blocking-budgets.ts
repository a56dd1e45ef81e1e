import type { policy } from "@pulumi/kubernetes";
import { kindsOf } from "../kubernetes/kinds.ts";
import { resourceRule } from "../rule.ts";

export const refuseBlockingBudgets = resourceRule<policy.v1.PodDisruptionBudgetArgs>({
  name: "refuse-blocking-budgets",
  description:
    "A disruption budget lets a pod go: one that lets none go holds up every upgrade of the cluster, until somebody ends it by force.",
  remedy: "set `maxUnavailable: 1`, and take `minAvailable` out",
  severity: "medium",
  references: [{ framework: "kube-score", id: "poddisruptionbudget-has-policy" }],
  types: kindsOf("policy", "PodDisruptionBudget"),
  check: ({ spec }, report) => {
    const { maxUnavailable, minAvailable } = spec ?? {};
    if (maxUnavailable === undefined && minAvailable === undefined)
      report("it says neither how many must stay nor how many may go", "spec");
    if (maxUnavailable !== undefined && Number.parseInt(String(maxUnavailable), 10) < 1)
      report("none may go", "spec.maxUnavailable");
    if (minAvailable === "100%") report("all must stay", "spec.minAvailable");
  },
});
