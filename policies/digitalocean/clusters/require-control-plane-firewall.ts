import type { KubernetesClusterArgs } from "@pulumi/digitalocean";
import { isProduction } from "../../environment.ts";
import { resourceRule } from "../../rule.ts";

export const requireControlPlaneFirewall = resourceRule<KubernetesClusterArgs>({
  name: "require-control-plane-firewall",
  description:
    "Production's Kubernetes API answers known addresses alone: a stolen token is worth nothing elsewhere. Advice, because whoever deploys from changing addresses would lock himself out.",
  remedy:
    "set `whisper-platform:controlPlaneFirewall: { enabled: true, deployerCidrs: [...] }`, as docs/cluster.md says",
  severity: "medium",
  level: "advisory",
  references: [{ framework: "SOC 2", id: "CC6.6" }],
  types: ["digitalocean:index/kubernetesCluster:KubernetesCluster"],
  check: ({ controlPlaneFirewall }, report) => {
    if (isProduction() && !controlPlaneFirewall?.enabled)
      report("it answers everybody", "controlPlaneFirewall.enabled");
  },
});
