import type { rbac } from "@pulumi/kubernetes";
import { resourceRule } from "../rule.ts";

export const refuseWildcardRoles = resourceRule<rbac.v1.RoleArgs>({
  name: "refuse-wildcard-roles",
  description: "Roles name what they allow: a star allows what is invented tomorrow, too.",
  remedy: 'name `apiGroups`, `resources` and `verbs`, e.g. `verbs: ["get", "list", "watch"]`',
  severity: "high",
  references: [
    { framework: "CIS Kubernetes", id: "5.1.3" },
    { framework: "Checkov", id: "CKV_K8S_49" },
    { framework: "Trivy", id: "KSV-0046" },
  ],
  types: [
    "kubernetes:rbac.authorization.k8s.io/v1:Role",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
  ],
  check: ({ rules }, report) => {
    for (const [index, rule] of (rules ?? []).entries()) {
      for (const property of ["apiGroups", "resources", "verbs"] as const) {
        if ((rule[property] ?? []).includes("*"))
          report("it allows everything", `rules[${index}].${property}`);
      }
    }
  },
});
