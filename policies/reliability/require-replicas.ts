import { workloadsIn } from "../kubernetes/workloads.ts";
import { stackRule } from "../rule.ts";
import { autoscalersIn, replicasOf } from "./replicas.ts";

export const requireReplicas = stackRule({
  name: "require-replicas",
  description:
    "What serves is there twice: the one pod of a node that is drained is an outage. Advice, because what may pause for a minute says so by the strategy `Recreate`.",
  remedy: "set `replicas: 2`, or `strategy: { type: Recreate }` for what may pause",
  severity: "medium",
  level: "advisory",
  references: [{ framework: "kube-score", id: "deployment-replicas" }],
  check: (resources, report) => {
    const autoscalers = autoscalersIn(resources);
    for (const workload of workloadsIn(resources)) {
      if (workload.kind !== "Deployment" || workload.spec.strategy?.type === "Recreate") continue;
      if (replicasOf(workload, autoscalers) === 1) report(workload.urn, "spec.replicas: there is one pod");
    }
  },
});
