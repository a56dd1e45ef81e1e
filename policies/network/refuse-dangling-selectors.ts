import type { PolicyResource } from "@pulumi/policy";
import { kindsOf } from "../kubernetes/kinds.ts";
import { isEmpty, type Selector, selects } from "../kubernetes/selectors.ts";
import { byNamespace, namespaceOf, type Workload, workloadsIn } from "../kubernetes/workloads.ts";
import { stackRule } from "../rule.ts";

const isService = kindsOf("core", "Service");
const isBudget = kindsOf("policy", "PodDisruptionBudget");
const isNetworkPolicy = kindsOf("networking.k8s.io", "NetworkPolicy");

export const refuseDanglingSelectors = stackRule({
  name: "refuse-dangling-selectors",
  description:
    "What chooses pods by their labels finds some: with a misspelt label a Service leads nowhere and a network policy protects nobody, and nothing says so.",
  remedy: "write the labels of the pods' `template`, and put both into the same namespace",
  severity: "medium",
  references: [
    { framework: "kube-linter", id: "dangling-service" },
    { framework: "kube-linter", id: "dangling-networkpolicy" },
    { framework: "kube-linter", id: "mismatching-selector" },
    { framework: "kube-score", id: "service-targets-pod" },
  ],
  check: (resources, report) => {
    const workloads = workloadsIn(resources);
    const there = byNamespace(workloads);
    for (const { urn, type, props } of resources) {
      const selector = selectorOf(type, props);
      // Of a Service, none means that somebody else names its addresses.
      if (selector === undefined && isBudget(type))
        report(urn, "spec.selector: without one it is for no pod");
      if (selector === undefined || isEmpty(selector)) continue;
      const namespace = namespaceOf(props);
      if (!(there.get(namespace) ?? []).some(({ labels }) => selects(selector, labels)))
        report(urn, `no pod in the namespace ${namespace} has the labels that it selects`);
    }
    for (const { urn, spec, labels } of workloads.filter(isApps)) {
      if (spec.selector !== undefined && !selects(spec.selector, labels))
        report(urn, "spec.selector: it does not select its own pods");
    }
  },
});

const isApps = ({ type }: Workload): boolean => /^kubernetes:(apps|extensions)\//.test(type);

/** What an object chooses pods by, if it does. */
function selectorOf(type: string, { spec }: PolicyResource["props"]): Selector | undefined {
  if (isService(type)) return spec?.selector && { matchLabels: spec.selector };
  if (isNetworkPolicy(type)) return spec?.podSelector;
  if (isBudget(type)) return spec?.selector;
  return undefined;
}
