import type { SpacesBucketArgs, SpacesBucketObjectArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";

export const requirePrivateBuckets = resourceRule<Pick<SpacesBucketArgs | SpacesBucketObjectArgs, "acl">>({
  name: "require-private-buckets",
  description:
    "Buckets and their objects are private: a public listing is how recordings of strangers' voices leak.",
  remedy: 'leave `acl` out or set `acl: "private"`; publish objects through signed links or the CDN',
  severity: "critical",
  references: [
    { framework: "CIS DigitalOcean", id: "Spaces: access control" },
    { framework: "CIS DigitalOcean", id: "Spaces: file listing" },
    { framework: "Checkov", id: "CKV_DIO_3" },
    { framework: "Trivy", id: "DIG-0006" },
    { framework: "ScoutSuite", id: "spaces-buckets-public-read" },
    { framework: "ScoutSuite", id: "spaces-buckets-public-write" },
    { framework: "GDPR", id: "Article 32" },
  ],
  types: [
    "digitalocean:index/spacesBucket:SpacesBucket",
    "digitalocean:index/spacesBucketObject:SpacesBucketObject",
  ],
  check: ({ acl }, report) => {
    if (acl !== undefined && acl !== "private") report(`it is ${acl}`, "acl");
  },
});
