import ipaddr from "ipaddr.js";
import type { FirewallRule, Labels, NetworkPolicy, Peer, PolicyPort, Selector } from "./manifests.ts";
import { allPorts, merged, type PortRange } from "./ports.ts";
import type { Actor, World } from "./world.ts";

/** On which ports the rules at the caller's end let a connection out. */
export function letOut(world: World, from: Actor, to: Actor): PortRange[] {
  if (from.pod) return byPolicies(world, "Egress", from, to);
  if (from.droplet) return byFirewalls(world, "outbound", from, to);
  if (from.loadBalancer) {
    const { metadata, spec } = from.loadBalancer;
    const chosen =
      to.pod?.namespace === metadata.namespace && matches({ matchLabels: spec.selector }, to.pod.labels);
    return chosen
      ? spec.ports.flatMap(({ protocol, targetPort }) => policyPort({ protocol, port: targetPort }))
      : [];
  }
  return [...allPorts];
}

/** On which ports the rules at the other end let it in. */
export function letIn(world: World, from: Actor, to: Actor): PortRange[] {
  if (to.pod) return byPolicies(world, "Ingress", to, from);
  if (to.droplet) return byFirewalls(world, "inbound", to, from);
  if (to.database) {
    const { ports, trusted } = to.database;
    // Who trusts nobody in particular trusts the whole internet.
    const open = trusted.length === 0 || trusted.some(({ type, value }) => knows(type, value, from));
    return open ? merged(ports.map((port) => ({ protocol: "tcp", first: port, last: port }))) : [];
  }
  if (to.loadBalancer) {
    const { ports, loadBalancerSourceRanges = ["0.0.0.0/0"] } = to.loadBalancer.spec;
    // Its address is public: whoever reaches the internet reaches it, as anybody there does.
    const open =
      isPublic(from) && from.addresses.some((address) => withinAny(address, loadBalancerSourceRanges));
    return open ? merged(ports.flatMap(({ protocol, port }) => policyPort({ protocol, port }))) : [];
  }
  return [...allPorts];
}

/** Whether it is met under an address of the internet's. */
export function isPublic({ addresses }: Actor): boolean {
  // The range that documents take for addresses is public in what they tell.
  return addresses.some(
    (address) => parsed(address).range() === "unicast" || address.startsWith("203.0.113."),
  );
}

/** Whether an address is in one of the ranges, of its own family. */
export function withinAny(address: string, ranges: readonly string[]): boolean {
  return ranges.some((range) => {
    if (!range.includes("/")) return address === range;
    const [start, length] = parsedRange(range);
    const one = parsed(address);
    return one.kind() === start.kind() && one.match(start, length);
  });
}

/** Few texts are asked about many thousand times. */
function remembered<Value>(parse: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const value = known.get(text) ?? parse(text);
    known.set(text, value);
    return value;
  };
}

const parsed = remembered((address) => ipaddr.parse(address));
const parsedRange = remembered((range) => ipaddr.parseCIDR(range));

/** Policies are added up: a pod that none chooses is open; one that some choose is as open as they allow together. */
function byPolicies(world: World, direction: "Ingress" | "Egress", own: Actor, other: Actor): PortRange[] {
  const chosen = world.policies.filter((policy) => guards(policy, direction, own));
  if (chosen.length === 0) return [...allPorts];
  return merged(
    chosen.flatMap(
      (policy) =>
        (direction === "Ingress" ? policy.spec.ingress : policy.spec.egress)
          ?.filter(({ from, to }) => {
            const peers = direction === "Ingress" ? from : to;
            return peers === undefined || peers.some((peer) => isPeer(world, policy, peer, other));
          })
          .flatMap(({ ports }) => ports?.flatMap(policyPort) ?? allPorts) ?? [],
    ),
  );
}

function guards({ metadata, spec }: NetworkPolicy, direction: "Ingress" | "Egress", { pod }: Actor): boolean {
  const types = spec.policyTypes ?? (spec.egress ? ["Ingress", "Egress"] : ["Ingress"]);
  return (
    pod !== undefined &&
    metadata.namespace === pod.namespace &&
    types.includes(direction) &&
    matches(spec.podSelector, pod.labels)
  );
}

function isPeer(
  { namespaces }: World,
  policy: NetworkPolicy,
  peer: Peer,
  { addresses, pod }: Actor,
): boolean {
  if (peer.ipBlock) {
    const { cidr, except = [] } = peer.ipBlock;
    return addresses.some((address) => withinAny(address, [cidr]) && !withinAny(address, except));
  }
  if (!pod) return false;
  const name = { "kubernetes.io/metadata.name": pod.namespace };
  const inNamespace = peer.namespaceSelector
    ? matches(peer.namespaceSelector, { ...name, ...namespaces.get(pod.namespace) })
    : pod.namespace === policy.metadata.namespace;
  return inNamespace && matches(peer.podSelector ?? {}, pod.labels);
}

function policyPort({ port, endPort, protocol = "TCP" }: PolicyPort): PortRange[] {
  if (typeof port === "string")
    throw new Error(`port ${port} is not known before the change: nobody can judge it`);
  return allPorts
    .filter((all) => all.protocol === protocol.toLowerCase())
    .map((all) => (port === undefined ? all : { ...all, first: port, last: endPort ?? port }));
}

const operators: Record<string, (value: string | undefined, values: readonly string[]) => boolean> = {
  In: (value, values) => value !== undefined && values.includes(value),
  NotIn: (value, values) => value === undefined || !values.includes(value),
  Exists: (value) => value !== undefined,
  DoesNotExist: (value) => value === undefined,
};

function matches({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => operators[operator]?.(labels[key], values))
  );
}

/** A droplet that bears no firewall's tag is open; else it is as open as its firewalls allow together. */
function byFirewalls(
  { firewalls }: World,
  direction: "inbound" | "outbound",
  own: Actor,
  other: Actor,
): PortRange[] {
  const before = firewalls.filter(({ tags = [] }) => tags.some((tag) => own.droplet?.tags.includes(tag)));
  if (before.length === 0) return [...allPorts];
  return merged(
    before.flatMap(({ inboundRules = [], outboundRules = [] }) =>
      (direction === "inbound" ? inboundRules : outboundRules)
        .filter((rule) => concerns(rule, direction, other))
        .flatMap(firewallPorts),
    ),
  );
}

function concerns(rule: FirewallRule, direction: "inbound" | "outbound", other: Actor): boolean {
  const [ranges = [], tags = [], clusters = []] =
    direction === "inbound"
      ? [rule.sourceAddresses, rule.sourceTags, rule.sourceKubernetesIds]
      : [rule.destinationAddresses, rule.destinationTags, rule.destinationKubernetesIds];
  return (
    other.addresses.some((address) => withinAny(address, ranges)) ||
    tags.some((tag) => other.droplet?.tags.includes(tag)) ||
    (clusters.length > 0 && other.pod !== undefined)
  );
}

function firewallPorts({ protocol, portRange = "all" }: FirewallRule): PortRange[] {
  const [first = 1, last = first] = portRange === "all" ? [1, 65_535] : portRange.split("-").map(Number);
  return allPorts.filter((all) => all.protocol === protocol).map((all) => ({ ...all, first, last }));
}

function knows(type: string, value: string, from: Actor): boolean {
  if (type === "k8s") return from.pod !== undefined;
  if (type === "tag") return from.droplet?.tags.includes(value) === true;
  return from.addresses.some((address) => withinAny(address, [value]));
}
