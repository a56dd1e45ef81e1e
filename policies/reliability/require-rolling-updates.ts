import type { PolicyResource } from "@pulumi/policy";
import { type Workload, workloadsIn } from "../kubernetes/workloads.ts";
import { stackRule } from "../rule.ts";
import { autoscalersIn, replicasOf } from "./replicas.ts";

export const requireRollingUpdates = stackRule({
  name: "require-rolling-updates",
  description:
    "A release replaces pods one after the other: what takes all of them away first is an outage, and what waits for somebody to delete them never gets out.",
  remedy: "set `strategy: { type: RollingUpdate, rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }`",
  severity: "medium",
  references: [{ framework: "kube-linter", id: "no-rolling-update-strategy" }],
  check: (resources, report) => {
    const autoscalers = autoscalersIn(resources);
    for (const workload of workloadsIn(resources)) {
      for (const problem of problemsOf(workload, () => replicasOf(workload, autoscalers)))
        report(workload.urn, problem);
    }
  },
});

function* problemsOf({ kind, spec }: Workload, replicas: () => number): Generator<string> {
  if (kind === "Deployment") yield* deploymentProblems(spec, replicas);
  if ((kind === "StatefulSet" || kind === "DaemonSet") && spec.updateStrategy?.type === "OnDelete")
    yield "spec.updateStrategy.type: what is released waits until somebody deletes the old pods";
}

function* deploymentProblems(
  { strategy = {} }: PolicyResource["props"],
  replicas: () => number,
): Generator<string> {
  const { type = "RollingUpdate", rollingUpdate: { maxUnavailable = "25%" } = {} } = strategy;
  // The one pod that there is cannot be replaced one after the other.
  if (type !== "RollingUpdate" && replicas() > 1) yield "spec.strategy.type: all pods go before one comes";
  if (
    maxUnavailable === "100%" ||
    (typeof maxUnavailable === "number" && maxUnavailable >= Math.max(replicas(), 1))
  )
    yield "spec.strategy.rollingUpdate.maxUnavailable: all pods may go before one comes";
}
