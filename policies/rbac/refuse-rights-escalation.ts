import { permissionRule } from "./permissions.ts";

export const refuseRightsEscalation = permissionRule({
  name: "refuse-rights-escalation",
  description:
    "Nobody may give rights that he has not: `escalate` and `bind` go past Kubernetes' own check, and make an administrator with the next call.",
  remedy: "take the verbs `escalate` and `bind` out; an `up` makes roles and bindings",
  severity: "critical",
  references: [
    { framework: "CIS Kubernetes", id: "5.1.8" },
    { framework: "Checkov", id: "CKV_K8S_157" },
    { framework: "Checkov", id: "CKV_K8S_158" },
    { framework: "Trivy", id: "KSV-0050" },
    { framework: "NSA/CISA", id: "Authentication and authorization" },
  ],
  problem: "it gives rights that it has not",
  permissions: [
    {
      groups: ["rbac.authorization.k8s.io"],
      resources: ["roles", "clusterroles", "rolebindings", "clusterrolebindings"],
      verbs: ["escalate", "bind"],
    },
  ],
});
