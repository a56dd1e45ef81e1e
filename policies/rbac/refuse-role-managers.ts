import { permissionRule } from "./permissions.ts";

export const refuseRoleManagers = permissionRule({
  name: "refuse-role-managers",
  description:
    "Nobody in the cluster changes who may do what: roles and bindings are made by an `up`, where they are reviewed.",
  remedy: 'leave it at `verbs: ["get", "list", "watch"]`',
  severity: "high",
  references: [
    { framework: "Trivy", id: "KSV-0050" },
    { framework: "Trivy", id: "KSV-0051" },
    { framework: "Trivy", id: "KSV-0052" },
    { framework: "Trivy", id: "KSV-0055" },
    { framework: "NSA/CISA", id: "Authentication and authorization" },
  ],
  problem: "it changes who may do what",
  permissions: [
    {
      groups: ["rbac.authorization.k8s.io"],
      resources: ["roles", "clusterroles", "rolebindings", "clusterrolebindings"],
      verbs: ["create", "update", "patch", "delete", "deletecollection", "impersonate"],
    },
  ],
});
