/*
 * What the tests read of the rendered manifests and rules: the desired state is JSON of the providers' schemas, which
 * the engine has checked.
 */

export type Labels = Readonly<Record<string, string>>;

export interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: {
    key: string;
    operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
    values?: string[];
  }[];
}

export interface Peer {
  ipBlock?: { cidr: string; except?: string[] };
  namespaceSelector?: Selector;
  podSelector?: Selector;
}

export interface PolicyPort {
  protocol?: string | undefined;
  port?: number | string;
  endPort?: number;
}

export interface PolicyRule {
  from?: Peer[];
  to?: Peer[];
  ports?: PolicyPort[];
}

export interface NetworkPolicy {
  metadata: { name: string; namespace: string };
  spec: {
    podSelector: Selector;
    policyTypes?: string[];
    ingress?: PolicyRule[];
    egress?: PolicyRule[];
  };
}

export interface FirewallRule {
  protocol: string;
  portRange?: string;
  sourceAddresses?: string[];
  sourceTags?: string[];
  sourceKubernetesIds?: string[];
  destinationAddresses?: string[];
  destinationTags?: string[];
  destinationKubernetesIds?: string[];
}

export interface Firewall {
  name: string;
  tags?: string[];
  inboundRules?: FirewallRule[];
  outboundRules?: FirewallRule[];
}

export interface TrustedSource {
  type: string;
  value: string;
}

export interface DatabaseFirewall {
  rules: TrustedSource[];
}

export interface Service {
  metadata: { name: string; namespace: string };
  spec: {
    type?: string;
    externalIPs?: string[];
    selector: Record<string, string>;
    ports: { protocol?: string; port: number; targetPort: number }[];
    loadBalancerSourceRanges?: string[];
  };
}

export interface Container {
  ports?: { hostPort?: number }[];
}

export interface PodSpec {
  hostNetwork?: boolean;
  containers?: Container[];
  initContainers?: Container[];
}

export interface PodTemplate {
  metadata: { labels: Labels };
  spec: PodSpec;
}

export interface PodCarrier {
  metadata: { name: string; namespace: string; labels: Labels };
  spec: PodSpec & { template?: PodTemplate; jobTemplate?: { spec: { template: PodTemplate } } };
}
