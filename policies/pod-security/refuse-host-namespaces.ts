import { podRule } from "../kubernetes/pods.ts";

export const refuseHostNamespaces = podRule({
  name: "refuse-host-namespaces",
  description:
    "Pods share neither processes nor memory nor network with their node: there they would see and reach everybody's.",
  remedy: "take `hostPID`, `hostIPC` and `hostNetwork` out; what watches nodes belongs among the node agents",
  severity: "critical",
  references: [
    { framework: "Pod Security Standards", id: "baseline" },
    { framework: "CIS Kubernetes", id: "5.2.3" },
    { framework: "Checkov", id: "CKV_K8S_17" },
    { framework: "Checkov", id: "CKV_K8S_18" },
    { framework: "Checkov", id: "CKV_K8S_19" },
    { framework: "Trivy", id: "KSV-0008" },
    { framework: "Trivy", id: "KSV-0009" },
    { framework: "Trivy", id: "KSV-0010" },
  ],
  check: ({ spec, path }, report) => {
    for (const namespace of ["hostPID", "hostIPC", "hostNetwork"] as const) {
      if (spec[namespace] ?? false) report("it shares the node's namespace", `${path}.${namespace}`);
    }
  },
});
