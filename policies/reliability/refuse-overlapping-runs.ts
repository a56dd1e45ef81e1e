import type { batch } from "@pulumi/kubernetes";
import { kindsOf } from "../kubernetes/kinds.ts";
import { resourceRule } from "../rule.ts";

export const refuseOverlappingRuns = resourceRule<batch.v1.CronJobArgs>({
  name: "refuse-overlapping-runs",
  description:
    "A repeated task does not begin while it runs still: two at once wait for one another, or write over one another. A run that was missed begins late only for a while.",
  remedy: "set `concurrencyPolicy: Forbid` and `startingDeadlineSeconds: 600`",
  severity: "medium",
  references: [{ framework: "kube-score", id: "cronjob-has-deadline" }],
  types: kindsOf("batch", "CronJob"),
  check: ({ spec }, report) => {
    if ((spec?.concurrencyPolicy ?? "Allow") === "Allow")
      report("runs may overlap", "spec.concurrencyPolicy");
    if (spec?.startingDeadlineSeconds === undefined)
      report("nothing says how late it may begin", "spec.startingDeadlineSeconds");
  },
});
