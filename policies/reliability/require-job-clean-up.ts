import type { batch } from "@pulumi/kubernetes";
import { kindsOf } from "../kubernetes/kinds.ts";
import { resourceRule } from "../rule.ts";

export const requireJobCleanUp = resourceRule<batch.v1.JobArgs>({
  name: "require-job-clean-up",
  description:
    "A task that has ended is cleaned away, with its pods: each is kept for ever else. What Pulumi manages stays until it is replaced: it would be made and run again.",
  remedy: "set `ttlSecondsAfterFinished: 86400`, or let a CronJob make it",
  severity: "low",
  level: "advisory",
  references: [{ framework: "kube-linter", id: "job-ttl-seconds-after-finished" }],
  types: kindsOf("batch", "Job"),
  check: ({ metadata, spec }, report) => {
    if (metadata?.labels?.["app.kubernetes.io/managed-by"] === "pulumi") return;
    if (spec?.ttlSecondsAfterFinished === undefined)
      report("nothing cleans it away", "spec.ttlSecondsAfterFinished");
  },
});
