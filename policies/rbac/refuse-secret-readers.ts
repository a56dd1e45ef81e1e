import { permissionRule } from "./permissions.ts";

export const refuseSecretReaders = permissionRule({
  name: "refuse-secret-readers",
  description:
    "Nobody may read or change all Secrets of a namespace or of the cluster: who lists them has every password, and whose account they are does not matter any more.",
  remedy: 'mount the Secret, or name it: `resourceNames: ["database"], verbs: ["get"]`',
  severity: "high",
  references: [
    { framework: "CIS Kubernetes", id: "5.1.2" },
    { framework: "Trivy", id: "KSV-0041" },
    { framework: "Trivy", id: "KSV-0113" },
    { framework: "NSA/CISA", id: "Authentication and authorization" },
  ],
  problem: "it opens all Secrets",
  permissions: [
    {
      groups: [""],
      resources: ["secrets"],
      verbs: [
        "get",
        "list",
        "watch",
        "create",
        "update",
        "patch",
        "delete",
        "deletecollection",
        "impersonate",
      ],
      byNameAllowed: true,
    },
  ],
});
