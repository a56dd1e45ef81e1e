import type { types } from "@pulumi/kubernetes";
import { privateRanges } from "../../catalog/addresses.ts";
import type { Party } from "./declaration.ts";
import { type Flow, flowsFrom, flowsTo, type Sites, type TrafficPlan } from "./plan.ts";

type NetworkPolicySpec = types.input.networking.v1.NetworkPolicySpec;
type Peer = types.input.networking.v1.NetworkPolicyPeer;
type Port = types.input.networking.v1.NetworkPolicyPort;

/** What a network policy lets in and out, as Kubernetes writes it; plain data, known in a preview. */
export interface PodTraffic {
  readonly ingress: readonly { readonly from: Peer[]; readonly ports: Port[] }[];
  readonly egress: readonly { readonly to: Peer[]; readonly ports: Port[] }[];
}

/** Traffic of pods that speak to nobody, not even to ask for a name. */
export const silence: PodTraffic = { ingress: [], egress: [] };

/** Ranges that are not the internet: private ones, those of a single link (metadata are there) and of carriers. */
const notInternet = [...privateRanges, "169.254.0.0/16", "100.64.0.0/10"];

/** What the plan lets in and out of the pods of one party. */
export function podTraffic(plan: TrafficPlan, party: Party): PodTraffic {
  const callers = byPeers(flowsTo(plan, party), ({ from }) => peersOf(from, plan.sites));
  const called = byPeers(flowsFrom(plan, party), ({ to }) => peersOf(to, plan.sites));
  return {
    ingress: callers.map(({ peers, ports }) => ({ from: peers, ports })),
    egress: called.map(({ peers, ports }) => ({ to: peers, ports })),
  };
}

/** The one network policy of some pods: what it does not name, the namespace denies. */
export function trafficPolicy(
  podLabels: Record<string, string>,
  { ingress, egress }: PodTraffic,
): NetworkPolicySpec {
  return {
    podSelector: { matchLabels: podLabels },
    policyTypes: ["Ingress", "Egress"],
    ingress: [...ingress],
    egress: [...egress],
  };
}

/** One allowance for the same peers, with all their ports: two databases in one range are one peer. */
function byPeers(
  flows: readonly Flow[],
  peersOfFlow: (flow: Flow) => Peer[],
): { peers: Peer[]; ports: Port[] }[] {
  const allowances = new Map<string, { peers: Peer[]; ports: Map<string, Port> }>();
  for (const flow of flows) {
    const peers = peersOfFlow(flow);
    const key = JSON.stringify(peers);
    const allowance = allowances.get(key) ?? { peers, ports: new Map<string, Port>() };
    const protocol = flow.protocol.toUpperCase();
    allowance.ports.set(`${protocol} ${flow.port}`, { protocol, port: flow.port });
    allowances.set(key, allowance);
  }
  return [...allowances.values()].map(({ peers, ports }) => ({ peers, ports: [...ports.values()] }));
}

function peersOf({ place }: Party, { addresses, namespaces, operatorRanges }: Sites): Peer[] {
  if (place.kind === "pods") {
    const [key, value] = place.label;
    const namespace = namespaces[place.namespace] ?? place.namespace;
    return [
      {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
        podSelector: { matchLabels: { [key]: value } },
      },
    ];
  }
  // The network gives nobody a range of his own: droplets, nodes, databases and load balancers share the VPC's.
  if (place.kind !== "outside") return [{ ipBlock: { cidr: addresses.vpc } }];
  const blocks = {
    operators: operatorRanges.map((cidr) => ({ cidr })),
    anywhere: [{ cidr: "0.0.0.0/0" }],
    internet: [{ cidr: "0.0.0.0/0", except: notInternet }],
  } satisfies Record<typeof place.addresses, unknown>;
  return blocks[place.addresses].map((ipBlock) => ({ ipBlock }));
}
