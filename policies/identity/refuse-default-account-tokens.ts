import type { core } from "@pulumi/kubernetes";
import { kindsOf } from "../kubernetes/kinds.ts";
import { ifKnown } from "../kubernetes/known.ts";
import { resourceRule } from "../rule.ts";

export const refuseDefaultAccountTokens = resourceRule<core.v1.ServiceAccountArgs>({
  name: "refuse-default-account-tokens",
  description:
    "The default account of a namespace hands out no token: a pod that says nothing of accounts has none then.",
  remedy: "set `automountServiceAccountToken: false` on the account",
  severity: "medium",
  references: [
    { framework: "CIS Kubernetes", id: "5.1.5" },
    { framework: "Checkov", id: "CKV_K8S_41" },
  ],
  types: kindsOf("core", "ServiceAccount"),
  check: ({ metadata, automountServiceAccountToken }, report) => {
    if (metadata && ifKnown(metadata, "name") === "default" && automountServiceAccountToken !== false)
      report("pods get its token unasked", "automountServiceAccountToken");
  },
});
