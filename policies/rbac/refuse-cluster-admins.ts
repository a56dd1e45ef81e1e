import { ifKnown } from "../kubernetes/known.ts";
import { bindingRule } from "./bindings.ts";

export const refuseClusterAdmins = bindingRule({
  name: "refuse-cluster-admins",
  description:
    "Nobody is given all rights: a program with `cluster-admin` is the cluster's owner once it is broken into.",
  remedy: "make a ClusterRole with the rights that it needs, and bind that",
  severity: "critical",
  references: [
    { framework: "CIS Kubernetes", id: "5.1.1" },
    { framework: "Trivy", id: "KSV-0111" },
    { framework: "NSA/CISA", id: "Authentication and authorization" },
  ],
  check: (subject, report, path, { roleRef }) => {
    if (!["cluster-admin", "admin", "edit"].includes(roleRef.name)) return;
    report(`it gives ${ifKnown(subject, "name") ?? "somebody"} the role ${roleRef.name}`, `${path}.name`);
  },
});
