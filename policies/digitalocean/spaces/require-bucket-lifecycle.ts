import type { SpacesBucketArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";
import { enabledRules } from "./lifecycle.ts";

export const requireBucketLifecycle = resourceRule<SpacesBucketArgs>({
  name: "require-bucket-lifecycle",
  description:
    "A bucket says how long things stay in it: what nobody ever deletes is paid for, and can leak, for ever.",
  remedy:
    "add a lifecycle rule: `lifecycleRules: [{ enabled: true, noncurrentVersionExpiration: { days: 30 }, abortIncompleteMultipartUploadDays: 7 }]`",
  severity: "medium",
  references: [
    { framework: "CIS DigitalOcean", id: "Spaces: lifecycle" },
    { framework: "ISO 27001", id: "A.8.10" },
  ],
  types: ["digitalocean:index/spacesBucket:SpacesBucket"],
  check: (bucket, report) => {
    if (enabledRules(bucket).length === 0) report("no rule is enabled", "lifecycleRules");
  },
});
