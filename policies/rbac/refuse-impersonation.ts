import { permissionRule } from "./permissions.ts";

export const refuseImpersonation = permissionRule({
  name: "refuse-impersonation",
  description:
    "Nobody may act in another's name: it gives whatever that other may do, and the log names him.",
  remedy: "take the verb `impersonate` out, and give the account the rights that it needs itself",
  severity: "critical",
  references: [
    { framework: "CIS Kubernetes", id: "5.1.8" },
    { framework: "Trivy", id: "KSV-0043" },
    { framework: "NSA/CISA", id: "Authentication and authorization" },
  ],
  problem: "it acts in the name of others",
  permissions: [
    {
      groups: ["", "authentication.k8s.io"],
      resources: ["users", "groups", "serviceaccounts", "uids"],
      verbs: ["impersonate"],
    },
    {
      groups: ["", "authentication.k8s.io"],
      resources: ["userextras", "userextras/scopes"],
      verbs: ["impersonate"],
    },
  ],
});
