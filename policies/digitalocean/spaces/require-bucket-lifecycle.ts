import type { SpacesBucketArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";

export const requireBucketLifecycle = resourceRule<SpacesBucketArgs>({
  name: "require-bucket-lifecycle",
  description:
    "Old versions and unfinished uploads end by themselves: otherwise they are kept, and paid for, for ever.",
  remedy: "add a lifecycle rule with `noncurrentVersionExpiration` and `abortIncompleteMultipartUploadDays`",
  severity: "medium",
  references: [{ framework: "CIS DigitalOcean", id: "Spaces: lifecycle" }],
  types: ["digitalocean:index/spacesBucket:SpacesBucket"],
  check: (bucket, report) => {
    const rules = (bucket.lifecycleRules ?? []).filter((rule) => rule.enabled);
    if (!rules.some((rule) => rule.abortIncompleteMultipartUploadDays)) {
      report("no enabled rule ends unfinished uploads", "lifecycleRules");
    }
    if (bucket.versioning?.enabled && !rules.some((rule) => rule.noncurrentVersionExpiration)) {
      report("no enabled rule ends old versions", "lifecycleRules");
    }
  },
});
