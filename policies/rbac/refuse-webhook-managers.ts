import { permissionRule } from "./permissions.ts";

export const refuseWebhookManagers = permissionRule({
  name: "refuse-webhook-managers",
  description:
    "Nobody may change what is asked before objects are taken: such a webhook reads and rewrites each of them, Secrets too.",
  remedy: "name one configuration and no more than it takes: `resourceNames: [...]`, or take the rule out",
  severity: "high",
  references: [
    { framework: "CIS Kubernetes", id: "5.1.12" },
    { framework: "Checkov", id: "CKV_K8S_155" },
    { framework: "Trivy", id: "KSV-0114" },
  ],
  problem: "it changes what admits objects",
  permissions: [
    {
      groups: ["admissionregistration.k8s.io"],
      resources: ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"],
      verbs: ["create", "update", "patch", "delete", "deletecollection", "impersonate"],
      byNameAllowed: true,
    },
  ],
});
