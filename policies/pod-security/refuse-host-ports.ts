import { containerRule } from "../kubernetes/pods.ts";

export const refuseHostPorts = containerRule({
  name: "refuse-host-ports",
  description: "Containers take no port of their node: it goes round network policies and Services.",
  remedy: "take `hostPort` out and put a Service before the pods",
  severity: "high",
  references: [
    { framework: "Pod Security Standards", id: "baseline" },
    { framework: "CIS Kubernetes", id: "5.2.13" },
    { framework: "Checkov", id: "CKV_K8S_26" },
    { framework: "Trivy", id: "KSV-0024" },
  ],
  check: ({ ports }, report, path) => {
    for (const { hostPort, containerPort } of ports ?? []) {
      if (hostPort)
        report(`it takes port ${hostPort} of the node`, `${path}.ports[${containerPort}].hostPort`);
    }
  },
});
