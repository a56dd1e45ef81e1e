import type { PolicyResource } from "@pulumi/policy";
import { stackRule } from "../rule.ts";

/** The property that places each type in a VPC. */
const placement: Readonly<Record<string, string>> = {
  "digitalocean:index/droplet:Droplet": "vpcUuid",
  "digitalocean:index/databaseCluster:DatabaseCluster": "privateNetworkUuid",
  "digitalocean:index/databaseReplica:DatabaseReplica": "privateNetworkUuid",
  "digitalocean:index/kubernetesCluster:KubernetesCluster": "vpcUuid",
  "digitalocean:index/loadBalancer:LoadBalancer": "vpcUuid",
};

export const requirePrivateNetwork = stackRule({
  name: "require-private-network",
  description:
    "What can stand in a VPC of the environment does: the default VPC is shared by everything else.",
  remedy: "pass the network's id: `vpcUuid: network.vpcId` (databases: `privateNetworkUuid`)",
  severity: "high",
  references: [{ framework: "SOC 2", id: "CC6.6" }],
  check: (resources, report) => {
    for (const resource of resources) {
      const property = placement[resource.type];
      if (property !== undefined && !isGiven(resource, property))
        report(resource.urn, `${property}: it is not set`);
    }
  },
});

/** Given as a value, or by reference to a VPC that is only made in this change. */
function isGiven(resource: PolicyResource, property: string): boolean {
  if ((resource.propertyDependencies[property] ?? []).length > 0) return true;
  return Boolean(resource.props[property]);
}
