import type { SpacesBucketArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";

export const requireVersionedBuckets = resourceRule<SpacesBucketArgs>({
  name: "require-versioned-buckets",
  description: "Buckets keep older versions: Spaces has no other way back from an overwrite or a delete.",
  remedy: "set `versioning: { enabled: true }` and a lifecycle rule that ends old versions",
  severity: "high",
  references: [
    { framework: "Checkov", id: "CKV_DIO_1" },
    { framework: "Trivy", id: "DIG-0007" },
    { framework: "ISO 27001", id: "A.8.13" },
  ],
  types: ["digitalocean:index/spacesBucket:SpacesBucket"],
  check: (bucket, report) => {
    if (bucket.versioning?.enabled !== true) report("versioning is off", "versioning");
  },
  mend: (bucket) => {
    bucket.versioning = { enabled: true };
  },
});
