import type { PolicyResource } from "@pulumi/policy";
import type { BackupTarget } from "../../catalog/recovery.ts";
import type { Backup } from "./backups.ts";
import { namesOf } from "./stores.ts";

const bucketType = "digitalocean:index/spacesBucket:SpacesBucket";

/** Where a backup puts a copy, and the bucket that this is, if the stack has it. */
export interface FoundTarget extends BackupTarget {
  readonly found: PolicyResource | undefined;
}

/** The buckets that a backup writes to, in the order in which it says so. */
export function targetsOf({ declared }: Backup, resources: readonly PolicyResource[]): FoundTarget[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const buckets = resources.filter(({ type }) => type === bucketType);
  return declared.targets.map((target) => ({
    ...target,
    found: buckets.find((bucket) => namesOf(bucket, byUrn).has(target.bucket)),
  }));
}
