import type { KubernetesClusterArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";

export const requireAutoUpgrade = resourceRule<KubernetesClusterArgs>({
  name: "require-auto-upgrade",
  description:
    "A cluster takes patches by itself: an old one stands open by what everybody can read about it.",
  remedy: 'set `autoUpgrade: true`, with a `maintenancePolicy: { day: "sunday", startTime: "03:00" }`',
  severity: "high",
  references: [
    { framework: "Trivy", id: "DIG-0008" },
    { framework: "ScoutSuite", id: "kubernetes-kubernetes-autoupgrade-minor" },
    { framework: "ISO 27001", id: "A.8.8" },
  ],
  types: ["digitalocean:index/kubernetesCluster:KubernetesCluster"],
  check: ({ autoUpgrade }, report) => {
    if (autoUpgrade !== true) report("patches are not taken by themselves", "autoUpgrade");
  },
});
