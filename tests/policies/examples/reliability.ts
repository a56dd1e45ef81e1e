import { type Breach, container, pod, type Sound } from "./breach.ts";

/** What chooses the pods of the baseline's Deployment. */
const apiPods = { matchLabels: { "app.kubernetes.io/name": "api" } };

/** Breaches of the rules in `policies/reliability/`. */
export const reliabilityBreaches: readonly Breach[] = [
  ["require-memory-limits", "deployment", `${container}.resources.limits`, undefined],
  ["require-cpu-requests", "deployment", `${container}.resources.requests.cpu`, undefined],
  ["require-priority", "deployment", `${pod}.priorityClassName`, undefined],
  ["require-priority", "deployment", `${pod}.priorityClassName`, "system-node-critical"],
  ["require-readiness-probes", "deployment", `${container}.readinessProbe`, undefined],
  ["require-liveness-probes", "deployment", `${container}.livenessProbe`, undefined],

  ["require-liveness-probes", "statefulSet", `${container}.livenessProbe`, undefined],
  ["require-readiness-probes", "nodeAgent", `${container}.readinessProbe`, undefined],
  ["require-memory-requests", "job", `${pod}.containers.0.resources.requests.memory`, undefined],
  ["require-cpu-limits", "deployment", `${container}.resources.limits.cpu`, undefined],
  ["require-replicas", "autoscaler", "spec.scaleTargetRef.name", "another"],
  ["require-replicas", "autoscaler", "spec.minReplicas", 1],
  ["require-disruption-budgets", "disruptionBudget", "spec.selector.matchLabels", { app: "api" }],
  ["require-disruption-budgets", "disruptionBudget", "metadata.namespace", "elsewhere"],
  ["require-disruption-budgets", "disruptionBudget", "spec.selector", undefined],
  ["refuse-blocking-budgets", "disruptionBudget", "spec.maxUnavailable", 0],
  ["refuse-blocking-budgets", "disruptionBudget", "spec.maxUnavailable", "0%"],
  ["refuse-blocking-budgets", "disruptionBudget", "spec.maxUnavailable", undefined],
  ["refuse-blocking-budgets", "disruptionBudget", "spec.minAvailable", "100%"],
  // The baseline's Deployment has three and its StatefulSet one: nine tenths of them, rounded up, are all.
  ...[4, 5, "90%"].map(
    (minAvailable): Breach => [
      "refuse-blocking-budgets",
      "disruptionBudget",
      "spec",
      { minAvailable, selector: apiPods },
    ],
  ),
  ["require-spread", "deployment", `${pod}.topologySpreadConstraints`, undefined],
  ["require-spread", "deployment", `${pod}.topologySpreadConstraints`, []],
  ["require-autoscaler-minimum", "autoscaler", "spec.minReplicas", undefined],
  ["require-autoscaler-minimum", "autoscaler", "spec.minReplicas", 1],
  ["require-autoscaler-minimum", "autoscaler", "spec.maxReplicas", 3],
  ["refuse-fixed-replicas", "deployment", "spec.replicas", 3],
  ["require-rolling-updates", "deployment", "spec.strategy", { type: "Recreate" }],
  ["require-rolling-updates", "deployment", "spec.strategy", { rollingUpdate: { maxUnavailable: "100%" } }],
  ["require-rolling-updates", "deployment", "spec.strategy", { rollingUpdate: { maxUnavailable: 3 } }],
  ["require-rolling-updates", "statefulSet", "spec.updateStrategy", { type: "OnDelete" }],
  ["require-rolling-updates", "nodeAgent", "spec.updateStrategy", { type: "OnDelete" }],
  ["require-job-deadlines", "job", "spec.activeDeadlineSeconds", undefined],
  ["require-job-deadlines", "cronJob", "spec.jobTemplate.spec.activeDeadlineSeconds", undefined],
  ["require-job-clean-up", "job", "spec.ttlSecondsAfterFinished", undefined],
  ["refuse-overlapping-runs", "cronJob", "spec.concurrencyPolicy", undefined],
  ["refuse-overlapping-runs", "cronJob", "spec.concurrencyPolicy", "Allow"],
  ["refuse-overlapping-runs", "cronJob", "spec.startingDeadlineSeconds", undefined],
];

/** What those rules may not mind. */
export const reliabilitySound: readonly Sound[] = [
  ["require-readiness-probes", "job", `${pod}.containers.0.ports`, [{ containerPort: 80 }]],
  ["require-readiness-probes", "deployment", `${pod}.initContainers`, [{ name: "first" }]],
  ["require-memory-limits", "deployment", `${pod}.ephemeralContainers`, [{ name: "debug" }]],
  ["require-replicas", "deployment", "spec.replicas", 0],
  ["require-replicas", "statefulSet", "spec.replicas", 1],
  [
    "require-disruption-budgets",
    "disruptionBudget",
    "spec.selector",
    { matchExpressions: [{ key: "app.kubernetes.io/name", operator: "In", values: ["web", "api"] }] },
  ],
  ["require-disruption-budgets", "disruptionBudget", "spec.selector", {}],
  ...[3, "75%"].map(
    (minAvailable): Sound => [
      "refuse-blocking-budgets",
      "disruptionBudget",
      "spec",
      { minAvailable, selector: apiPods },
    ],
  ),
  [
    "refuse-blocking-budgets",
    "disruptionBudget",
    "spec",
    { minAvailable: 3, selector: { matchLabels: { app: "elsewhere" } } },
  ],
  ["refuse-blocking-budgets", "disruptionBudget", "spec.maxUnavailable", "25%"],
  [
    "require-spread",
    "deployment",
    `${pod}.affinity`,
    { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1 }] } },
  ],
  ["require-autoscaler-minimum", "autoscaler", "spec.minReplicas", 2],
  ["refuse-fixed-replicas", "statefulSet", "spec.replicas", 3],
  ["require-rolling-updates", "deployment", "spec.strategy", { rollingUpdate: { maxUnavailable: 1 } }],
  ["require-rolling-updates", "statefulSet", "spec.updateStrategy", { type: "RollingUpdate" }],
  ["require-job-deadlines", "job", `${pod}.activeDeadlineSeconds`, 60],
  ["require-job-clean-up", "job", ["metadata", "labels", "app.kubernetes.io/managed-by"], "pulumi"],
  ["refuse-overlapping-runs", "cronJob", "spec.concurrencyPolicy", "Replace"],
];
