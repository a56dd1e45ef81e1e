import type { KubernetesClusterArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";

export const requireSurgeUpgrade = resourceRule<KubernetesClusterArgs>({
  name: "require-surge-upgrade",
  description:
    "An upgrade makes new nodes before it takes the old ones away: else pods have nowhere to go meanwhile.",
  remedy: "set `surgeUpgrade: true`, or leave it out",
  severity: "medium",
  references: [
    { framework: "Trivy", id: "DIG-0005" },
    { framework: "ScoutSuite", id: "kubernetes-kubernetes-surge-upgrade" },
    { framework: "SOC 2", id: "A1.2" },
  ],
  types: ["digitalocean:index/kubernetesCluster:KubernetesCluster"],
  check: ({ surgeUpgrade }, report) => {
    if (surgeUpgrade === false) report("upgrades take nodes away before new ones are there", "surgeUpgrade");
  },
});
