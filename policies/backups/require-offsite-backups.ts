import type { PolicyResource } from "@pulumi/policy";
import { stackRule } from "../rule.ts";
import { backupsOf } from "./backups.ts";
import { neededStores, reaching } from "./stores.ts";
import { targetsOf } from "./targets.ts";

const clusterType = "digitalocean:index/kubernetesCluster:KubernetesCluster";

export const requireOffsiteBackups = stackRule({
  name: "require-offsite-backups",
  description:
    "A copy of every backup is in another region than its store: what takes the region takes both else.",
  remedy: "add a bucket in another region to `targets`, as `whisper-platform:backupRegion` names one",
  severity: "high",
  references: [
    { framework: "SOC 2", id: "A1.2" },
    { framework: "ISO 27001", id: "A.8.13" },
    { framework: "ISO 27001", id: "A.8.14" },
  ],
  check: (resources, report) => {
    const backups = backupsOf(resources);
    for (const store of neededStores(resources)) {
      const reached = reaching(backups, store);
      const regions = reached.flatMap((backup) =>
        targetsOf(backup, resources).flatMap(({ found }) => found?.props.region ?? []),
      );
      const home = homeOf(store.resource, resources) ?? regions[0];
      if (reached.length > 0 && !regions.some((region) => region !== home))
        report(store.resource.urn, `every copy of it is in ${home ?? "no bucket of this stack"}`);
    }
  },
});

/** The region in which a store is; what is on Kubernetes is where the cluster is. */
function homeOf({ type, props }: PolicyResource, resources: readonly PolicyResource[]): string | undefined {
  if (!type.startsWith("kubernetes:")) return props.region;
  return resources.find((resource) => resource.type === clusterType)?.props.region;
}
