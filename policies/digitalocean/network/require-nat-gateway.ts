import type { PolicyResource } from "@pulumi/policy";
import { stackRule } from "../../rule.ts";
import { referToTheSame } from "../links.ts";
import { machinesOf } from "../machines/machine.ts";

const clusterType = "digitalocean:index/kubernetesCluster:KubernetesCluster";
const gatewayType = "digitalocean:index/vpcNatGateway:VpcNatGateway";
const vpcType = "digitalocean:index/vpc:Vpc";

/** Something without a public address, the network it says it is in, and the property that leads there. */
interface Isolated {
  readonly resource: PolicyResource;
  readonly props: PolicyResource["props"];
  readonly property: string;
}

export const requireNatGateway = stackRule({
  name: "require-nat-gateway",
  description:
    "Where nodes have no public address, the network has a NAT gateway: without one they fetch no image, no patch and no time.",
  remedy:
    'add `new VpcNatGateway("nat", { type: "PUBLIC", vpcs: [{ vpcUuid: network.id, defaultGateway: true }], ... })` for the same VPC',
  severity: "high",
  references: [
    { framework: "SOC 2", id: "A1.2" },
    { framework: "ISO 27001", id: "A.8.22" },
  ],
  check: (resources, report) => {
    const gateways = resources.filter(({ type }) => type === gatewayType);
    for (const isolated of isolatedOf(resources)) {
      if (!gateways.some((gateway) => serves(gateway, isolated)))
        report(
          isolated.resource.urn,
          "it has no public address, and no NAT gateway of this stack serves its VPC",
        );
    }
  },
});

function isolatedOf(resources: readonly PolicyResource[]): Isolated[] {
  const clusters = resources
    .filter(({ type, props }) => type === clusterType && props.isolatedWorkers === true)
    .map((resource) => ({ resource, props: resource.props, property: "vpcUuid" }));
  const machines = machinesOf(resources)
    .filter(({ props }) => props.publicNetworking === false)
    .map(({ resource, props, tagsProperty }) => ({
      resource,
      props,
      property: tagsProperty === "tags" ? "vpcUuid" : tagsProperty,
    }));
  return [...clusters, ...machines];
}

/** By reference to the VPC that both are in, or by the same id where it was there before. */
function serves(gateway: PolicyResource, { resource, props, property }: Isolated): boolean {
  if (referToTheSame(gateway, "vpcs", resource, property, vpcType)) return true;
  const served: readonly { readonly vpcUuid?: string }[] = gateway.props.vpcs ?? [];
  return props.vpcUuid !== undefined && served.some(({ vpcUuid }) => vpcUuid === props.vpcUuid);
}
