import { containerRule } from "../kubernetes/pods.ts";

export const requireDroppedCapabilities = containerRule({
  name: "require-dropped-capabilities",
  description: "Containers keep none of the capabilities that the runtime gives: each is a part of root.",
  remedy: 'set `securityContext: { capabilities: { drop: ["ALL"] } }`',
  severity: "high",
  references: [
    { framework: "Pod Security Standards", id: "restricted" },
    { framework: "CIS Kubernetes", id: "5.2.9" },
    { framework: "Checkov", id: "CKV_K8S_28" },
    { framework: "Checkov", id: "CKV_K8S_37" },
    { framework: "Trivy", id: "KSV-0003" },
    { framework: "Trivy", id: "KSV-0106" },
  ],
  check: ({ securityContext }, report, path, { isWindows }) => {
    if (!isWindows && !(securityContext?.capabilities?.drop ?? []).includes("ALL"))
      report("it keeps capabilities", `${path}.securityContext.capabilities.drop`);
  },
});
