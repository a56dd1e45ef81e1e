import type { KubernetesClusterArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";
import { isEverybody } from "../addresses.ts";

export const refuseOpenControlPlane = resourceRule<KubernetesClusterArgs>({
  name: "refuse-open-control-plane",
  description:
    "A firewall before the Kubernetes API names who is let in: one that lets everybody in is none, and one that lets nobody in can no longer be deployed through.",
  remedy:
    "name the ranges of operators and deployers in `controlPlaneFirewall.allowedAddresses`, or leave the firewall out",
  severity: "high",
  references: [{ framework: "SOC 2", id: "CC6.6" }],
  types: ["digitalocean:index/kubernetesCluster:KubernetesCluster"],
  check: ({ controlPlaneFirewall: firewall }, report) => {
    if (!firewall?.enabled) return;
    if (firewall.allowedAddresses.length === 0)
      report("it lets nobody in", "controlPlaneFirewall.allowedAddresses");
    for (const [index, address] of firewall.allowedAddresses.entries()) {
      if (isEverybody(address))
        report(`it lets ${address} in`, `controlPlaneFirewall.allowedAddresses[${index}]`);
    }
  },
});
