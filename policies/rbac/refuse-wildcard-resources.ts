import type { rbac } from "@pulumi/kubernetes";
import { resourceRule } from "../rule.ts";
import { isRole } from "./permissions.ts";

export const refuseWildcardResources = resourceRule<rbac.v1.ClusterRoleArgs>({
  name: "refuse-wildcard-resources",
  description:
    "Roles name what they are about: a star is every Secret there is, and whatever an operator brings tomorrow. What a role gathers from others by their labels nobody sees.",
  remedy: 'name the groups and resources: `apiGroups: ["apps"], resources: ["deployments"]`',
  severity: "high",
  references: [
    { framework: "CIS Kubernetes", id: "5.1.3" },
    { framework: "Checkov", id: "CKV_K8S_49" },
    { framework: "Trivy", id: "KSV-0044" },
    { framework: "Trivy", id: "KSV-0046" },
    { framework: "Trivy", id: "KSV-0112" },
    { framework: "kube-linter", id: "wildcard-in-rules" },
    { framework: "NSA/CISA", id: "Authentication and authorization" },
  ],
  types: isRole,
  check: ({ rules, aggregationRule }, report) => {
    if (aggregationRule !== undefined)
      report("it gathers the rights of whatever role bears a label", "aggregationRule");
    for (const [index, rule] of (rules ?? []).entries()) {
      // `*/scale` are the scales of everything.
      for (const property of ["apiGroups", "resources"] as const) {
        if ((rule[property] ?? []).some((one) => one.startsWith("*")))
          report("it is about everything", `rules[${index}].${property}`);
      }
      const paths = (rule as { readonly nonResourceURLs?: readonly string[] }).nonResourceURLs ?? [];
      if (paths.some((path) => /^\/?\*$/.test(path)))
        report("it is about every path", `rules[${index}].nonResourceURLs`);
    }
  },
});
