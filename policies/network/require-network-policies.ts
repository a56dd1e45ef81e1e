import type { PolicyResource } from "@pulumi/policy";
import { kindsOf } from "../kubernetes/kinds.ts";
import { type Selector, selects } from "../kubernetes/selectors.ts";
import { byNamespace, namespaceOf, workloadsIn } from "../kubernetes/workloads.ts";
import { stackRule } from "../rule.ts";

const isNetworkPolicy = kindsOf("networking.k8s.io", "NetworkPolicy");

/** Of Cilium, which connects the pods of DigitalOcean's clusters. */
const isCilium = /^kubernetes:cilium\.io\/v\w+:Cilium(Clusterwide)?NetworkPolicy$/;

const directions = ["Ingress", "Egress"] as const;

export const requireNetworkPolicies = stackRule({
  name: "require-network-policies",
  description:
    "Traffic of every pod is denied unless a policy allows it, in both directions: one broken pod does not reach the rest.",
  remedy:
    'add a NetworkPolicy with `podSelector: {}`, `policyTypes: ["Ingress", "Egress"]` and no rules to the namespace',
  severity: "high",
  references: [
    { framework: "CIS Kubernetes", id: "5.3.2" },
    { framework: "Checkov", id: "CKV2_K8S_6" },
    { framework: "kube-linter", id: "non-isolated-pod" },
    { framework: "NSA/CISA", id: "Network separation and hardening" },
  ],
  check: (resources, report) => {
    const policies = byNamespace(resources.flatMap(policiesOf));
    for (const { urn, namespace, labels } of workloadsIn(resources)) {
      const selecting = [namespace, everywhere]
        .flatMap((place) => policies.get(place) ?? [])
        .filter(({ selector }) => selects(selector, labels));
      for (const direction of directions) {
        // Policies add up: what one of them lets through, no other holds back.
        const isRestricted =
          selecting.some(({ restricts }) => restricts.includes(direction)) &&
          !selecting.some(({ opens }) => opens.includes(direction));
        if (!isRestricted)
          report(urn, `nothing restricts its ${direction.toLowerCase()}, in the namespace ${namespace}`);
      }
    }
  },
});

/** What a network policy chooses, in which direction it denies what it does not name, and in which it allows everything. */
interface Restriction {
  readonly namespace: string;
  readonly selector: Selector;
  readonly restricts: readonly string[];
  readonly opens: readonly string[];
}

/** Stands for all namespaces; none has such a name. */
const everywhere = "*";

function policiesOf(resource: PolicyResource): Restriction[] {
  if (isNetworkPolicy(resource.type)) return policyOf(resource);
  return isCilium.test(resource.type) ? ciliumOf(resource) : [];
}

function policyOf({ props }: PolicyResource): Restriction[] {
  const { spec = {} } = props;
  const { podSelector: selector, egress } = spec;
  if (selector === undefined) return [];
  // What Kubernetes takes: an empty list of egress rules does not make a policy one of egress.
  const types: readonly string[] = spec.policyTypes ?? (egress?.length > 0 ? directions : ["Ingress"]);
  const isOpen = (type: string) => allowsEverything(type === "Egress" ? egress : spec.ingress);
  return [
    {
      namespace: namespaceOf(props),
      selector,
      restricts: types.filter((type) => !isOpen(type)),
      opens: types.filter(isOpen),
    },
  ];
}

function ciliumOf({ type, props }: PolicyResource): Restriction[] {
  const namespace = type.endsWith(":CiliumClusterwideNetworkPolicy") ? everywhere : namespaceOf(props);
  const specs: PolicyResource["props"][] = [props.spec ?? [], props.specs ?? []].flat();
  return specs.flatMap((spec) => {
    const { endpointSelector: selector } = spec;
    if (selector === undefined) return [];
    // What is named in a direction, be it nothing, denies what is not.
    const restricts = directions.filter((direction) => {
      const rules = spec[direction.toLowerCase()];
      return (rules ?? spec[`${direction.toLowerCase()}Deny`]) !== undefined;
    });
    return [{ namespace, selector, restricts, opens: [] }];
  });
}

/** A rule without ports is for all of them, as it is for all peers without any, or with every address for one. */
const allowsEverything = (rules: PolicyResource["props"][] | undefined): boolean =>
  (rules ?? []).some(({ from = [], to = [], ports = [] }) => {
    const peers: PolicyResource["props"][] = [...from, ...to];
    return ports.length === 0 && (peers.length === 0 || peers.some(isEverywhere));
  });

const isEverywhere = ({ ipBlock }: PolicyResource["props"]): boolean =>
  ["0.0.0.0/0", "::/0"].includes(ipBlock?.cidr) && !(ipBlock.except?.length > 0);
