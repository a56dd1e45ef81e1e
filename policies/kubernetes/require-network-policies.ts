import type { PolicyResource } from "@pulumi/policy";
import { stackRule } from "../rule.ts";
import { carriesPods } from "./pod-places.ts";

const policyKind = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

const directions = [
  { policyType: "Ingress", rules: "ingress" },
  { policyType: "Egress", rules: "egress" },
] as const;
type Direction = (typeof directions)[number];

export const requireNetworkPolicies = stackRule({
  name: "require-network-policies",
  description:
    "In every namespace with pods, traffic is denied unless allowed: one broken pod does not reach the rest.",
  remedy:
    'add a NetworkPolicy with `podSelector: {}`, `policyTypes: ["Ingress", "Egress"]` and no rules to the namespace',
  severity: "high",
  references: [{ framework: "CIS Kubernetes", id: "5.3.2" }],
  check: (resources, report) => {
    const guarded = (namespace: string) =>
      directions.every((direction) =>
        resources.some(
          (resource) => deniesByDefault(resource, direction) && namespaceOf(resource) === namespace,
        ),
      );
    const carriers = resources.filter(carriesPods);
    for (const [namespace, { urn }] of new Map(carriers.map((one) => [namespaceOf(one), one]))) {
      if (!guarded(namespace)) report(urn, `nothing denies traffic by default in the namespace ${namespace}`);
    }
  },
});

/** Whether it stands for all pods of its namespace, and allows none of them anything in this direction. */
function deniesByDefault({ type, props }: PolicyResource, { policyType, rules }: Direction): boolean {
  if (type !== policyKind) return false;
  const { spec = {} } = props;
  const selector = spec.podSelector;
  return (
    selector !== undefined &&
    Object.keys(selector.matchLabels ?? {}).length === 0 &&
    (selector.matchExpressions ?? []).length === 0 &&
    (spec.policyTypes ?? []).includes(policyType) &&
    (spec[rules] ?? []).length === 0
  );
}

function namespaceOf({ props }: PolicyResource): string {
  return props.metadata?.namespace ?? "default";
}
