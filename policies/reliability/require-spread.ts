import { workloadsIn } from "../kubernetes/workloads.ts";
import { stackRule } from "../rule.ts";
import { autoscalersIn, isReplicated, replicasOf } from "./replicas.ts";

export const requireSpread = stackRule({
  name: "require-spread",
  description:
    "What is there more than once is on more than one node: the scheduler may put all of it on the same. Advice, because it spreads by itself where there is room.",
  remedy:
    "add `topologySpreadConstraints` over `kubernetes.io/hostname`, or a `podAntiAffinity`, for the pods' own labels",
  severity: "low",
  level: "advisory",
  references: [{ framework: "kube-score", id: "deployment-has-host-podantiaffinity" }],
  check: (resources, report) => {
    const autoscalers = autoscalersIn(resources);
    for (const workload of workloadsIn(resources)) {
      if (!isReplicated(workload) || replicasOf(workload, autoscalers) < 2) continue;
      const { topologySpreadConstraints = [], affinity } = workload.podSpec as PodSpread;
      const apart = Object.values(affinity?.podAntiAffinity ?? {}).flat();
      if (topologySpreadConstraints.length === 0 && apart.length === 0)
        report(workload.urn, "nothing keeps its pods apart");
    }
  },
});

/** What spreads pods over nodes. */
interface PodSpread {
  readonly topologySpreadConstraints?: readonly unknown[];
  readonly affinity?: { readonly podAntiAffinity?: Readonly<Record<string, readonly unknown[]>> };
}
