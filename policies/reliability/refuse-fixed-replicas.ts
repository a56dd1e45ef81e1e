import { workloadsIn } from "../kubernetes/workloads.ts";
import { stackRule } from "../rule.ts";
import { autoscalerOf, autoscalersIn } from "./replicas.ts";

export const refuseFixedReplicas = stackRule({
  name: "refuse-fixed-replicas",
  description:
    "What an autoscaler scales says no number itself: each `up` would set it back, in the middle of the day's peak.",
  remedy: "take `replicas` out of what is scaled: `minReplicas` of its autoscaler says it",
  severity: "medium",
  references: [
    { framework: "kube-score", id: "deployment-targeted-by-hpa-does-not-have-replicas-configured" },
  ],
  check: (resources, report) => {
    const autoscalers = autoscalersIn(resources);
    if (autoscalers.length === 0) return;
    for (const workload of workloadsIn(resources)) {
      if (autoscalerOf(workload, autoscalers) !== undefined && workload.spec.replicas !== undefined)
        report(workload.urn, "spec.replicas: an autoscaler says it");
    }
  },
});
