import { podRule } from "../kubernetes/pods.ts";

export const requireSeccompProfile = podRule({
  name: "require-seccomp-profile",
  description:
    "The runtime filters system calls: most of what breaks out of containers needs one that no program wants.",
  remedy: 'set `securityContext: { seccompProfile: { type: "RuntimeDefault" } }` on the pod',
  severity: "high",
  references: [
    { framework: "Pod Security Standards", id: "restricted" },
    { framework: "CIS Kubernetes", id: "5.6.2" },
    { framework: "Checkov", id: "CKV_K8S_31" },
    { framework: "Trivy", id: "KSV-0030" },
  ],
  check: (pod, report) => {
    if (pod.isWindows || pod.spec.securityContext?.seccompProfile) return;
    for (const { container, path } of pod.containers()) {
      if (!container.securityContext?.seccompProfile)
        report("system calls are not filtered", `${path}.securityContext.seccompProfile`);
    }
  },
});
