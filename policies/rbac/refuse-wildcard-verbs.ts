import type { rbac } from "@pulumi/kubernetes";
import { resourceRule } from "../rule.ts";
import { isRole } from "./permissions.ts";

export const refuseWildcardVerbs = resourceRule<rbac.v1.RoleArgs>({
  name: "refuse-wildcard-verbs",
  description: "Roles name what may be done: a star allows what is invented tomorrow, too.",
  remedy: 'name the verbs: `verbs: ["get", "list", "watch"]`',
  severity: "high",
  references: [
    { framework: "CIS Kubernetes", id: "5.1.3" },
    { framework: "Checkov", id: "CKV_K8S_49" },
    { framework: "Trivy", id: "KSV-0044" },
    { framework: "Trivy", id: "KSV-0045" },
    { framework: "kube-linter", id: "wildcard-in-rules" },
    { framework: "NSA/CISA", id: "Authentication and authorization" },
  ],
  types: isRole,
  check: ({ rules }, report) => {
    for (const [index, { verbs }] of (rules ?? []).entries()) {
      if ((verbs ?? []).includes("*")) report("it allows everything", `rules[${index}].verbs`);
    }
  },
});
