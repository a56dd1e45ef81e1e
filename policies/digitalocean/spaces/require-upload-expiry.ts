import type { SpacesBucketArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";
import { enabledRules } from "./lifecycle.ts";

export const requireUploadExpiry = resourceRule<SpacesBucketArgs>({
  name: "require-upload-expiry",
  description:
    "Parts of uploads that nobody finished end by themselves: no listing shows them, and they are paid for like objects.",
  remedy: "add `abortIncompleteMultipartUploadDays: 7` to an enabled lifecycle rule",
  severity: "low",
  references: [{ framework: "CIS DigitalOcean", id: "Spaces: lifecycle" }],
  types: ["digitalocean:index/spacesBucket:SpacesBucket"],
  check: (bucket, report) => {
    if (!enabledRules(bucket).some((rule) => rule.abortIncompleteMultipartUploadDays))
      report("no enabled rule ends unfinished uploads", "lifecycleRules");
  },
});
