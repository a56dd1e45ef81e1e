import type { core } from "@pulumi/kubernetes";
import { namespacedKinds } from "../../catalog/kubernetes-kinds.ts";
import { ifKnown } from "../kubernetes/known.ts";
import { resourceRule } from "../rule.ts";

/** What Kubernetes itself keeps there. */
const itsOwn = ["kubernetes", "kube-root-ca.crt", "default"];

export const refuseDefaultNamespace = resourceRule<core.v1.PodArgs>({
  name: "refuse-default-namespace",
  description:
    "Everything is in a namespace that is made for it: in the default one accounts, quotas and network policies are everybody's.",
  remedy: "write `metadata: { namespace: ... }`, with a namespace of the application's own",
  severity: "low",
  references: [
    { framework: "CIS Kubernetes", id: "5.6.4" },
    { framework: "Checkov", id: "CKV_K8S_21" },
    { framework: "Trivy", id: "KSV-0110" },
    { framework: "NSA/CISA", id: "Network separation and hardening" },
  ],
  types: namespacedKinds,
  check: ({ metadata }, report) => {
    // One that is made in the same change may have no known name yet, and is not the default one.
    const isGiven = metadata !== undefined && "namespace" in metadata;
    const namespace = isGiven ? ifKnown(metadata, "namespace") : "default";
    if (namespace === "default" && !itsOwn.includes((metadata && ifKnown(metadata, "name")) ?? ""))
      report("it is in the default namespace", "metadata.namespace");
  },
});
