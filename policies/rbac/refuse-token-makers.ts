import { permissionRule } from "./permissions.ts";

export const refuseTokenMakers = permissionRule({
  name: "refuse-token-makers",
  description:
    "Nobody may make tokens of accounts or sign certificates: with them he is whoever he likes, for as long as he likes.",
  remedy: "take `serviceaccounts/token`, `certificatesigningrequests/approval` and `signers` out",
  severity: "high",
  references: [
    { framework: "CIS Kubernetes", id: "5.1.11" },
    { framework: "CIS Kubernetes", id: "5.1.13" },
    { framework: "Checkov", id: "CKV_K8S_156" },
  ],
  problem: "it makes credentials",
  permissions: [
    { groups: [""], resources: ["serviceaccounts/token"], verbs: ["create"], byNameAllowed: true },
    {
      groups: ["certificates.k8s.io"],
      resources: ["certificatesigningrequests/approval", "certificatesigningrequests/status"],
      verbs: ["update", "patch"],
    },
    { groups: ["certificates.k8s.io"], resources: ["signers"], verbs: ["approve", "sign"] },
  ],
});
