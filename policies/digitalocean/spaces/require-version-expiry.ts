import type { SpacesBucketArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";
import { enabledRules } from "./lifecycle.ts";

export const requireVersionExpiry = resourceRule<SpacesBucketArgs>({
  name: "require-version-expiry",
  description:
    "Older versions in a versioned bucket end one day: else what a person asked to have deleted is there for good.",
  remedy: "add `noncurrentVersionExpiration: { days: 30 }` to an enabled lifecycle rule",
  severity: "medium",
  references: [
    { framework: "CIS DigitalOcean", id: "Spaces: lifecycle" },
    { framework: "ISO 27001", id: "A.8.10" },
    { framework: "GDPR", id: "Article 17" },
  ],
  types: ["digitalocean:index/spacesBucket:SpacesBucket"],
  check: (bucket, report) => {
    if (bucket.versioning?.enabled !== true) return;
    if (!enabledRules(bucket).some((rule) => rule.noncurrentVersionExpiration))
      report("no enabled rule ends old versions", "lifecycleRules");
  },
});
