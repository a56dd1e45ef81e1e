import type { SpacesBucketArgs } from "@pulumi/digitalocean";
import type { Unwrap } from "@pulumi/pulumi";

type Bucket = Unwrap<Pick<SpacesBucketArgs, "lifecycleRules">>;

/** The rules of a bucket's that are in force. */
export const enabledRules = ({ lifecycleRules = [] }: Bucket) =>
  lifecycleRules.filter(({ enabled }) => enabled === true);
