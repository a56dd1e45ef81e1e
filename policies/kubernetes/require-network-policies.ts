import type { PolicyResource } from "@pulumi/policy";
import { stackRule } from "../rule.ts";
import { podCarriers } from "./pods.ts";

const policyType = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

export const requireNetworkPolicies = stackRule({
  name: "require-network-policies",
  description:
    "In every namespace with pods, traffic is denied unless allowed: one broken pod does not reach the rest.",
  remedy:
    'add a NetworkPolicy with `podSelector: {}` and `policyTypes: ["Ingress", "Egress"]` to the namespace',
  severity: "high",
  references: [{ framework: "CIS Kubernetes", id: "5.3.2" }],
  check: (resources, report) => {
    const guarded = new Set(resources.filter(deniesByDefault).map(namespaceOf));
    const bare = new Map<string, PolicyResource>();
    for (const resource of resources.filter(({ type }) => podCarriers.includes(type))) {
      if (!guarded.has(namespaceOf(resource))) bare.set(namespaceOf(resource), resource);
    }
    for (const [namespace, resource] of bare) {
      report(resource.urn, `nothing denies traffic by default in the namespace ${namespace}`);
    }
  },
});

function deniesByDefault({ type, props }: PolicyResource): boolean {
  if (type !== policyType) return false;
  const selector = props.spec?.podSelector;
  return selector !== undefined && Object.keys(selector.matchLabels ?? {}).length === 0;
}

function namespaceOf({ props }: PolicyResource): string {
  return props.metadata?.namespace ?? "default";
}
