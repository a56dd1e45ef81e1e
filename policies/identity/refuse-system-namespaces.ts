import { podRule } from "../kubernetes/pods.ts";

const system = ["kube-system", "kube-public", "kube-node-lease"];

export const refuseSystemNamespaces = podRule({
  name: "refuse-system-namespaces",
  description:
    "Kubernetes' own namespaces hold Kubernetes' own pods: others stand there beside the accounts and Secrets of the cluster itself.",
  remedy: "give it a namespace of its own: `metadata: { namespace: ... }`",
  severity: "medium",
  references: [
    { framework: "Trivy", id: "KSV-0037" },
    { framework: "NSA/CISA", id: "Network separation and hardening" },
  ],
  check: ({ namespace }, report) => {
    if (namespace !== undefined && system.includes(namespace))
      report(`it is in ${namespace}`, "metadata.namespace");
  },
});
