import { ifKnown } from "../kubernetes/known.ts";
import { podRule } from "../kubernetes/pods.ts";

export const refuseIdleTokens = podRule({
  name: "refuse-idle-tokens",
  description:
    "A pod carries a Kubernetes token only where it says that it needs one, and under an account of its own: the default one is everybody's.",
  remedy:
    "set `automountServiceAccountToken: false`; what calls the API says `true` and names a `serviceAccountName` that has just the rights it needs",
  severity: "medium",
  references: [
    { framework: "CIS Kubernetes", id: "5.1.6" },
    { framework: "Checkov", id: "CKV_K8S_38" },
    { framework: "Trivy", id: "KSV-0036" },
    { framework: "NSA/CISA", id: "Kubernetes Pod security" },
  ],
  check: ({ spec, path }, report) => {
    const { automountServiceAccountToken: mounts } = spec;
    if (mounts === false) return;
    const where = `${path}.automountServiceAccountToken`;
    if (mounts === undefined) report("it mounts a token that nobody asked for", where);
    // An account made in the same change has no known name yet; that there is one is what counts.
    else if (!("serviceAccountName" in spec) || ifKnown(spec, "serviceAccountName") === "default")
      report("it mounts the default account's token", where);
  },
});
