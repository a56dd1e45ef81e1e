import { permissionRule } from "./permissions.ts";

const roles = ["roles", "clusterroles", "rolebindings", "clusterrolebindings"];

export const refuseRightsEscalation = permissionRule({
  name: "refuse-rights-escalation",
  description:
    "Nobody may give himself rights: who changes roles or binds them, past Kubernetes' own check or not, is the cluster's administrator at the next call.",
  remedy: "take `escalate`, `bind` and what writes roles and bindings out; an `up` makes them",
  severity: "critical",
  references: [
    { framework: "CIS Kubernetes", id: "5.1.8" },
    { framework: "Checkov", id: "CKV_K8S_157" },
    { framework: "Checkov", id: "CKV_K8S_158" },
    { framework: "Trivy", id: "KSV-0050" },
    { framework: "Trivy", id: "KSV-0051" },
    { framework: "Trivy", id: "KSV-0052" },
    { framework: "Trivy", id: "KSV-0055" },
    { framework: "NSA/CISA", id: "Authentication and authorization" },
  ],
  problem: "it gives rights",
  permissions: [
    {
      resources: roles,
      verbs: ["escalate", "bind", "create", "update", "patch", "delete", "deletecollection", "impersonate"],
    },
  ],
});
