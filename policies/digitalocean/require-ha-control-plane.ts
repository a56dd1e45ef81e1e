import type { KubernetesClusterArgs } from "@pulumi/digitalocean";
import { isProduction } from "../environment.ts";
import { resourceRule } from "../rule.ts";

export const requireHaControlPlane = resourceRule<KubernetesClusterArgs>({
  name: "require-ha-control-plane",
  description:
    "The production control plane is highly available: it cannot be switched on without a pause later.",
  remedy: "set `ha: true`",
  severity: "high",
  references: [{ framework: "CIS DigitalOcean", id: "Kubernetes: high availability" }],
  types: ["digitalocean:index/kubernetesCluster:KubernetesCluster"],
  check: (cluster, report) => {
    if (isProduction() && cluster.ha !== true) report("it is not highly available", "ha");
  },
});
