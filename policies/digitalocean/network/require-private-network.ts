import type { PolicyResource } from "@pulumi/policy";
import { stackRule } from "../../rule.ts";
import { isGiven } from "../links.ts";

/** The property that places each type in a VPC. */
const placement: Readonly<Record<string, string>> = {
  "digitalocean:index/databaseCluster:DatabaseCluster": "privateNetworkUuid",
  "digitalocean:index/databaseReplica:DatabaseReplica": "privateNetworkUuid",
  "digitalocean:index/dedicatedInference:DedicatedInference": "vpcUuid",
  "digitalocean:index/droplet:Droplet": "vpcUuid",
  "digitalocean:index/dropletAutoscale:DropletAutoscale": "dropletTemplate.vpcUuid",
  "digitalocean:index/genaiKnowledgeBase:GenaiKnowledgeBase": "vpcUuid",
  "digitalocean:index/gradientaiKnowledgeBase:GradientaiKnowledgeBase": "vpcUuid",
  "digitalocean:index/kubernetesCluster:KubernetesCluster": "vpcUuid",
  "digitalocean:index/loadBalancer:LoadBalancer": "vpcUuid",
};

export const requirePrivateNetwork = stackRule({
  name: "require-private-network",
  description:
    "What can stand in a VPC of the environment does: the default VPC is shared by everything else.",
  remedy: "pass the network's id: `vpcUuid: network.vpcId` (databases: `privateNetworkUuid`)",
  severity: "high",
  references: [
    { framework: "ScoutSuite", id: "database-databases-mysql-publically-exposed" },
    { framework: "SOC 2", id: "CC6.6" },
    { framework: "ISO 27001", id: "A.8.22" },
  ],
  check: (resources, report) => {
    for (const resource of resources) {
      const path = placement[resource.type];
      if (path !== undefined && !isGlobal(resource) && !isPlaced(resource, path))
        report(resource.urn, `${path}: it is not set`);
    }
  },
});

/** A global load balancer stands before networks, and in none. */
const isGlobal = ({ props }: PolicyResource): boolean => isGiven(props, "type") && props.type === "GLOBAL";

/** Given as a value, or by reference to a VPC that is only made in this change. */
function isPlaced({ propertyDependencies, props }: PolicyResource, path: string): boolean {
  if ((propertyDependencies[path] ?? []).length > 0) return true;
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const holder = keys.reduce<PolicyResource["props"] | undefined>((value, key) => value?.[key], props);
  if (!isGiven(holder, last)) return false;
  // Within a template no reference is told apart from the others: an unknown value is one.
  return keys.length > 0 || Boolean(props[last]);
}
