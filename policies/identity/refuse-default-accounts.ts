import { ifKnown } from "../kubernetes/known.ts";
import { bindingRule } from "../rbac/bindings.ts";

/** What Kubernetes calls the default account of a namespace where it speaks of users. */
const defaultUser = /^system:serviceaccount:[^:]+:default$/;

export const refuseDefaultAccounts = bindingRule({
  name: "refuse-default-accounts",
  description:
    "The default account of a namespace has no rights: every pod that says nothing else runs under it.",
  remedy: "make an account for the pods that need the rights: `serviceAccountName: exporter`",
  severity: "high",
  references: [
    { framework: "CIS Kubernetes", id: "5.1.5" },
    { framework: "Checkov", id: "CKV_K8S_42" },
  ],
  check: (subject, report, path) => {
    const name = ifKnown(subject, "name") ?? "";
    const isDefault =
      (subject.kind === "ServiceAccount" && name === "default") ||
      (subject.kind === "User" && defaultUser.test(name));
    if (isDefault) report("it gives rights to the default account", `${path}.name`);
  },
});
