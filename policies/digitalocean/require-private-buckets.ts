import type { SpacesBucketArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../rule.ts";

export const requirePrivateBuckets = resourceRule<SpacesBucketArgs>({
  name: "require-private-buckets",
  description: "Buckets are private: a public listing is how recordings of strangers' voices leak.",
  remedy: 'leave `acl` out or set `acl: "private"`; publish single objects through signed links or the CDN',
  severity: "critical",
  references: [
    { framework: "CIS DigitalOcean", id: "Spaces: access control" },
    { framework: "Checkov", id: "CKV_DIO_3" },
    { framework: "Trivy", id: "DIG-0006" },
  ],
  types: ["digitalocean:index/spacesBucket:SpacesBucket"],
  check: (bucket, report) => {
    if (bucket.acl !== undefined && bucket.acl !== "private") report(`it is ${bucket.acl}`, "acl");
  },
});
