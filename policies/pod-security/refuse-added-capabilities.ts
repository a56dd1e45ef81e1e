import { containerRule } from "../kubernetes/pods.ts";

export const refuseAddedCapabilities = containerRule({
  name: "refuse-added-capabilities",
  description:
    "Containers are given no part of root but to listen on a low port. A node agent has what the catalogue allows it.",
  remedy: "take all but `NET_BIND_SERVICE` out of `capabilities.add`",
  severity: "high",
  references: [
    { framework: "Pod Security Standards", id: "restricted" },
    { framework: "CIS Kubernetes", id: "5.2.8" },
    { framework: "Checkov", id: "CKV_K8S_25" },
    { framework: "Checkov", id: "CKV_K8S_39" },
    { framework: "Trivy", id: "KSV-0005" },
    { framework: "Trivy", id: "KSV-0022" },
    { framework: "Trivy", id: "KSV-0106" },
    { framework: "Trivy", id: "KSV-0119" },
    { framework: "Trivy", id: "KSV-0120" },
  ],
  check: ({ securityContext }, report, path, { agent }) => {
    const allowed = ["NET_BIND_SERVICE", ...(agent?.capabilities ?? [])];
    const added = (securityContext?.capabilities?.add ?? []).filter((name) => !allowed.includes(name));
    if (added.length > 0) report(`it adds ${added.join(", ")}`, `${path}.securityContext.capabilities.add`);
  },
});
