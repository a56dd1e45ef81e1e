import type { KubernetesClusterArgs, SpacesBucketArgs } from "@pulumi/digitalocean";
import { isBeingDecommissioned, isProduction } from "../../environment.ts";
import { resourceRule } from "../../rule.ts";

export const refuseForcedDestruction = resourceRule<
  Pick<SpacesBucketArgs, "forceDestroy"> & Pick<KubernetesClusterArgs, "destroyAllAssociatedResources">
>({
  name: "refuse-forced-destruction",
  description:
    "What holds production's data goes only when it is empty: a bucket that may be destroyed with its objects, or a cluster with its volumes, is one mistake away from it.",
  remedy:
    "leave `forceDestroy` and `destroyAllAssociatedResources` out; to take the environment down, set `decommission: { confirm: production, reason: ... }` in its configuration",
  severity: "high",
  references: [
    { framework: "Trivy", id: "DIG-0009" },
    { framework: "SOC 2", id: "A1.2" },
    { framework: "ISO 27001", id: "A.8.13" },
  ],
  types: [
    "digitalocean:index/kubernetesCluster:KubernetesCluster",
    "digitalocean:index/spacesBucket:SpacesBucket",
    "digitalocean:index/spacesBucketObject:SpacesBucketObject",
  ],
  check: ({ forceDestroy, destroyAllAssociatedResources }, report) => {
    if (!isProduction() || isBeingDecommissioned()) return;
    if (forceDestroy === true) report("it is destroyed with what it holds", "forceDestroy");
    if (destroyAllAssociatedResources === true)
      report("it is destroyed with its volumes", "destroyAllAssociatedResources");
  },
});
