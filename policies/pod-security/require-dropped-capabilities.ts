import { containerRule } from "../kubernetes/pods.ts";

export const requireDroppedCapabilities = containerRule({
  name: "require-dropped-capabilities",
  description:
    "Containers keep none of root's capabilities but to listen on a low port. A node agent has those that the catalogue allows it.",
  remedy: 'set `capabilities: { drop: ["ALL"] }`, and add none but `NET_BIND_SERVICE`',
  severity: "high",
  references: [
    { framework: "Pod Security Standards", id: "restricted" },
    { framework: "CIS Kubernetes", id: "5.2.8" },
    { framework: "CIS Kubernetes", id: "5.2.9" },
    { framework: "Checkov", id: "CKV_K8S_25" },
    { framework: "Checkov", id: "CKV_K8S_28" },
    { framework: "Checkov", id: "CKV_K8S_37" },
    { framework: "Checkov", id: "CKV_K8S_39" },
    { framework: "Trivy", id: "KSV-0003" },
    { framework: "Trivy", id: "KSV-0022" },
    { framework: "Trivy", id: "KSV-0106" },
  ],
  check: ({ securityContext }, report, path, { agent, isWindows }) => {
    const { drop, add } = securityContext?.capabilities ?? {};
    const where = `${path}.securityContext.capabilities`;
    if (!isWindows && !(drop ?? []).includes("ALL")) report("it keeps capabilities", `${where}.drop`);
    const allowed = ["NET_BIND_SERVICE", ...(agent?.capabilities ?? [])];
    const added = (add ?? []).filter((name) => !allowed.includes(name));
    if (added.length > 0) report(`it adds ${added.join(", ")}`, `${where}.add`);
  },
});
