import type { DesiredResource } from "../golden/desired-state.ts";
import type {
  DatabaseFirewall,
  Firewall,
  FirewallRule,
  NetworkPolicy,
  PodCarrier,
  Service,
} from "./manifests.ts";
import { Resources } from "./resources.ts";

/** Kinds that open or close ways of which the evaluator knows nothing. */
const unknownKinds = [
  ...["LoadBalancer", "DropletAutoscale", "VpcPeering", "ReservedIpAssignment", "PartnerAttachment"],
  ...["Ingress", "Gateway", "HTTPRoute", "TCPRoute", "TLSRoute", "GRPCRoute", "EndpointSlice", "Endpoints"],
  ...["CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy", "AdminNetworkPolicy", "ClusterNetworkPolicy"],
];

/**
 * Refuses a desired state in which something bears on who reaches whom that the evaluator does not judge: it would take
 * for closed what is open.
 *
 * @throws Error with all of it
 */
export function refuseUnjudged(resources: readonly DesiredResource[]): void {
  const all = new Resources(resources);
  const found = [
    ...all.ofType(...unknownKinds).map(({ name, type }) => `${name} is a ${type}`),
    ...all.podCarriers().flatMap(inPods),
    ...all.inputsOf<Service>("Service").flatMap(inService),
    ...all.inputsOf<NetworkPolicy>("NetworkPolicy").flatMap(inPolicy),
    ...all.inputsOf<Firewall>("Firewall").flatMap(inFirewall),
    ...all.inputsOf<DatabaseFirewall>("DatabaseFirewall").flatMap(inTrustedSources),
  ];
  if (found.length > 0) throw new Error(`nobody judges who gets through:\n${found.join("\n")}`);
}

/** Policies do not guard pods in the network of their node, nor ports of the node that lead to a pod. */
function inPods({ metadata, spec }: PodCarrier): string[] {
  const pod = (spec.jobTemplate?.spec ?? spec).template?.spec ?? spec;
  const ports = [...(pod.containers ?? []), ...(pod.initContainers ?? [])].flatMap(({ ports = [] }) => ports);
  return [
    ...(pod.hostNetwork === true ? [`pods of ${metadata.name} are in the network of their node`] : []),
    ...ports.flatMap(({ hostPort }) =>
      hostPort === undefined ? [] : [`pods of ${metadata.name} have the port ${hostPort} of their node`],
    ),
  ];
}

function inService({ metadata, spec }: Service): string[] {
  const isKnown = ["ClusterIP", "LoadBalancer"].includes(spec.type ?? "ClusterIP");
  return [
    ...(isKnown ? [] : [`the Service ${metadata.name} is a ${spec.type}`]),
    ...(spec.externalIPs?.length ? [`the Service ${metadata.name} has external addresses`] : []),
  ];
}

const isPortProtocol = (protocol: string) => ["tcp", "udp"].includes(protocol.toLowerCase());

function inPolicy({ metadata, spec }: NetworkPolicy): string[] {
  return [...(spec.ingress ?? []), ...(spec.egress ?? [])]
    .flatMap(({ ports = [] }) => ports)
    .flatMap(({ protocol = "TCP" }) =>
      isPortProtocol(protocol) ? [] : [`the policy ${metadata.name} lets ${protocol} through`],
    );
}

const judgedOfRules: readonly string[] = [
  ...["protocol", "portRange", "sourceAddresses", "sourceTags", "sourceKubernetesIds"],
  ...["destinationAddresses", "destinationTags", "destinationKubernetesIds"],
];
const judgedOfFirewalls: readonly string[] = ["name", "tags", "inboundRules", "outboundRules"];

function inFirewall(firewall: Firewall): string[] {
  const { name, inboundRules = [], outboundRules = [] } = firewall;
  const unknown = (judged: readonly string[], of: Firewall | FirewallRule) =>
    Object.keys(of)
      .filter((key) => !judged.includes(key))
      .map((key) => `the firewall ${name} says ${key}`);
  return [
    ...unknown(judgedOfFirewalls, firewall),
    ...[...inboundRules, ...outboundRules].flatMap((rule) => [
      ...unknown(judgedOfRules, rule),
      ...(isPortProtocol(rule.protocol) ? [] : [`the firewall ${name} lets ${rule.protocol} through`]),
    ]),
  ];
}

function inTrustedSources({ rules }: DatabaseFirewall): string[] {
  return rules
    .filter(({ type }) => !["k8s", "tag", "ip_addr"].includes(type))
    .map(({ type, value }) => `a database trusts the ${type} ${value}`);
}
