import type { autoscaling } from "@pulumi/kubernetes";
import { kindsOf } from "../kubernetes/kinds.ts";
import { resourceRule } from "../rule.ts";

export const requireAutoscalerMinimum = resourceRule<autoscaling.v2.HorizontalPodAutoscalerArgs>({
  name: "require-autoscaler-minimum",
  description:
    "An autoscaler keeps two pods, and has room for more: what is scaled down to one is gone with its node, and what cannot grow is not scaled.",
  remedy: "set `minReplicas: 2` and a larger `maxReplicas`",
  severity: "medium",
  references: [{ framework: "kube-score", id: "horizontalpodautoscaler-replicas" }],
  types: kindsOf("autoscaling", "HorizontalPodAutoscaler"),
  check: ({ spec }, report) => {
    const { minReplicas = 1, maxReplicas } = spec ?? {};
    if (minReplicas < 2) report(`it goes down to ${minReplicas}`, "spec.minReplicas");
    if (maxReplicas === undefined || maxReplicas <= minReplicas)
      report("there is no room for more", "spec.maxReplicas");
  },
});
