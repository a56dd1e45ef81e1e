import { podRule } from "./pods.ts";

export const refuseIdleTokens = podRule({
  name: "refuse-idle-tokens",
  description:
    "A pod carries a Kubernetes token only under an account of its own: the default one is everybody's.",
  remedy:
    "set `automountServiceAccountToken: false`, or name a `serviceAccountName` that has just the rights it needs",
  severity: "medium",
  references: [
    { framework: "CIS Kubernetes", id: "5.1.6" },
    { framework: "Checkov", id: "CKV_K8S_38" },
    { framework: "Trivy", id: "KSV-0036" },
  ],
  check: ({ spec, path }, report) => {
    if (spec.automountServiceAccountToken === false) return;
    // An account made in the same change has no known name yet; that there is one is what counts.
    if (!("serviceAccountName" in spec))
      report("it mounts the default account's token", `${path}.automountServiceAccountToken`);
  },
});
