import type { KubernetesClusterArgs } from "@pulumi/digitalocean";
import { isProduction } from "../../environment.ts";
import { resourceRule } from "../../rule.ts";

export const requireHaControlPlane = resourceRule<KubernetesClusterArgs>({
  name: "require-ha-control-plane",
  description:
    "The production control plane is highly available: it cannot be switched on without a pause later.",
  remedy: "set `ha: true`",
  severity: "high",
  references: [
    { framework: "CIS DigitalOcean", id: "Kubernetes: high availability" },
    { framework: "ScoutSuite", id: "kubernetes-kubernetes-ha-enabled" },
    { framework: "ISO 27001", id: "A.8.14" },
  ],
  types: ["digitalocean:index/kubernetesCluster:KubernetesCluster"],
  check: (cluster, report) => {
    if (isProduction() && cluster.ha !== true) report("it is not highly available", "ha");
  },
});
