import type { core } from "@pulumi/kubernetes";
import { resourceRule } from "../rule.ts";

const label = "pod-security.kubernetes.io/enforce";

export const requirePodSecurity = resourceRule<core.v1.NamespaceArgs>({
  name: "require-pod-security",
  description:
    "Every namespace enforces a Pod Security Standard, so that the cluster refuses what a review missed.",
  remedy: `label the namespace \`${label}: restricted\``,
  severity: "high",
  references: [{ framework: "CIS Kubernetes", id: "5.2.1" }],
  types: ["kubernetes:core/v1:Namespace"],
  check: ({ metadata }, report) => {
    const level = metadata?.labels?.[label];
    if (level === undefined) report("it enforces no standard", `metadata.labels["${label}"]`);
    else if (level === "privileged") report("it enforces nothing", `metadata.labels["${label}"]`);
  },
});
