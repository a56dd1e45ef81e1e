import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { privateRanges } from "../../catalog/addresses.ts";

type NetworkPolicySpec = types.input.networking.v1.NetworkPolicySpec;
type Peer = types.input.networking.v1.NetworkPolicyPeer;

/** The other end of a connection. */
export type Party =
  /** Pods of one component in one namespace. */
  | { readonly component: string; readonly namespace: string }
  /** A range of addresses. */
  | { readonly cidr: pulumi.Input<string> }
  /** Everything outside the private ranges. */
  | { readonly internet: true };

/** Connections that are allowed: who, and to which TCP ports. */
export interface Flow {
  readonly party: Party;
  readonly ports: readonly pulumi.Input<number>[];
}

/** Private ranges, those of a single link (the metadata service answers there) and of carriers. */
const notInternet = [...privateRanges, "169.254.0.0/16", "100.64.0.0/10"];

/**
 * The one network policy of a workload: what may reach it, what it may reach, and name resolution. Anything else
 * the namespace denies.
 */
export function trafficPolicy(
  podLabels: Record<string, string>,
  ingress: readonly Flow[],
  egress: readonly Flow[],
): NetworkPolicySpec {
  return {
    podSelector: { matchLabels: podLabels },
    policyTypes: ["Ingress", "Egress"],
    ingress: ingress.map(({ party, ports }) => ({ from: [peer(party)], ports: tcp(ports) })),
    egress: [nameResolution, ...egress.map(({ party, ports }) => ({ to: [peer(party)], ports: tcp(ports) }))],
  };
}

const nameResolution = {
  to: [
    {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    },
  ],
  ports: [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
  ],
};

function tcp(ports: readonly pulumi.Input<number>[]) {
  return ports.map((port) => ({ protocol: "TCP", port }));
}

function peer(party: Party): Peer {
  if ("component" in party) {
    return {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": party.namespace } },
      podSelector: { matchLabels: { "app.kubernetes.io/name": party.component } },
    };
  }
  return {
    ipBlock: "internet" in party ? { cidr: "0.0.0.0/0", except: notInternet } : { cidr: party.cidr },
  };
}
