import type { KubernetesClusterArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";

export const requireClusterUpgrades = resourceRule<KubernetesClusterArgs>({
  name: "require-cluster-upgrades",
  description:
    "A cluster takes patches by itself, in a window, with surge nodes: an old one is open, a rushed one is down.",
  remedy:
    'set `autoUpgrade: true`, `surgeUpgrade: true` and `maintenancePolicy: { day: "sunday", startTime: "03:00" }`',
  severity: "high",
  references: [
    { framework: "CIS DigitalOcean", id: "Kubernetes: upgrade window" },
    { framework: "Trivy", id: "DIG-0005" },
    { framework: "Trivy", id: "DIG-0008" },
    { framework: "ScoutSuite", id: "kubernetes-kubernetes-autoupgrade-minor" },
    { framework: "ScoutSuite", id: "kubernetes-kubernetes-surge-upgrade" },
    { framework: "ISO 27001", id: "A.8.8" },
  ],
  types: ["digitalocean:index/kubernetesCluster:KubernetesCluster"],
  check: (cluster, report) => {
    if (cluster.autoUpgrade !== true) report("patches are not taken by themselves", "autoUpgrade");
    if (cluster.surgeUpgrade === false)
      report("upgrades take nodes away before new ones are there", "surgeUpgrade");
    if (cluster.maintenancePolicy === undefined)
      report("there is no maintenance window", "maintenancePolicy");
  },
});
