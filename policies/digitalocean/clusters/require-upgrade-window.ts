import type { KubernetesClusterArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";

export const requireUpgradeWindow = resourceRule<KubernetesClusterArgs>({
  name: "require-upgrade-window",
  description: "A cluster is upgraded in a window that somebody chose, and not at its busiest hour.",
  remedy: 'set `maintenancePolicy: { day: "sunday", startTime: "03:00" }`',
  severity: "medium",
  references: [
    { framework: "CIS DigitalOcean", id: "Kubernetes: upgrade window" },
    { framework: "SOC 2", id: "A1.2" },
  ],
  types: ["digitalocean:index/kubernetesCluster:KubernetesCluster"],
  check: ({ maintenancePolicy }, report) => {
    if (maintenancePolicy === undefined) report("there is no maintenance window", "maintenancePolicy");
  },
});
