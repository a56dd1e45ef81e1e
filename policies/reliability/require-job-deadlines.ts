import type { batch } from "@pulumi/kubernetes";
import type { Unwrap } from "@pulumi/pulumi";
import { kindsOf } from "../kubernetes/kinds.ts";
import { resourceRule } from "../rule.ts";

type Job = NonNullable<Unwrap<batch.v1.JobArgs>["spec"]>;

export const requireJobDeadlines = resourceRule<batch.v1.JobArgs & batch.v1.CronJobArgs>({
  name: "require-job-deadlines",
  description:
    "A task ends: one that hangs holds its node, and the next run behind it, until somebody looks.",
  remedy: "set `activeDeadlineSeconds: 900` in the Job's `spec`",
  severity: "medium",
  references: [{ framework: "SOC 2", id: "A1.1" }],
  types: kindsOf("batch", "Job", "CronJob"),
  check: ({ spec }, report) => {
    const isRepeated = spec !== undefined && "jobTemplate" in spec;
    const job = (isRepeated ? spec.jobTemplate.spec : spec) as Job | undefined;
    const path = isRepeated ? "spec.jobTemplate.spec" : "spec";
    if (job?.activeDeadlineSeconds === undefined && job?.template.spec?.activeDeadlineSeconds === undefined)
      report("nothing ends it", `${path}.activeDeadlineSeconds`);
  },
});
