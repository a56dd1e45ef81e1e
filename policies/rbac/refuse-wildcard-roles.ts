import type { rbac } from "@pulumi/kubernetes";
import { resourceRule } from "../rule.ts";
import { isRole } from "./permissions.ts";

export const refuseWildcardRoles = resourceRule<rbac.v1.RoleArgs>({
  name: "refuse-wildcard-roles",
  description: "Roles name what they allow: a star allows what is invented tomorrow, too.",
  remedy: 'name `apiGroups`, `resources` and `verbs`, e.g. `verbs: ["get", "list", "watch"]`',
  severity: "high",
  references: [
    { framework: "CIS Kubernetes", id: "5.1.3" },
    { framework: "Checkov", id: "CKV_K8S_49" },
    { framework: "Trivy", id: "KSV-0044" },
    { framework: "Trivy", id: "KSV-0045" },
    { framework: "Trivy", id: "KSV-0046" },
    { framework: "Trivy", id: "KSV-0112" },
    { framework: "NSA/CISA", id: "Authentication and authorization" },
  ],
  types: isRole,
  check: ({ rules }, report) => {
    for (const [index, rule] of (rules ?? []).entries()) {
      // `*/scale` are the scales of everything.
      for (const property of ["apiGroups", "resources", "verbs"] as const) {
        if ((rule[property] ?? []).some((one) => one.startsWith("*")))
          report("it allows everything", `rules[${index}].${property}`);
      }
      const paths = (rule as { readonly nonResourceURLs?: readonly string[] }).nonResourceURLs ?? [];
      if (paths.some((path) => /^\/?\*$/.test(path)))
        report("it allows every path", `rules[${index}].nonResourceURLs`);
    }
  },
});
