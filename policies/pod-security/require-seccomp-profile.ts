import { podRule } from "../kubernetes/pods.ts";

const filters = ["RuntimeDefault", "Localhost"];

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
    { framework: "Trivy", id: "KSV-0104" },
  ],
  check: (pod, report) => {
    for (const { context, path } of pod.securityContexts()) {
      const { seccompProfile: profile } = context;
      if (profile && !filters.includes(profile.type))
        report(`it is ${profile.type}`, `${path}.seccompProfile.type`);
    }
    if (pod.isWindows || pod.spec.securityContext?.seccompProfile) return;
    for (const { container, path } of pod.containers()) {
      if (!container.securityContext?.seccompProfile)
        report("system calls are not filtered", `${path}.securityContext.seccompProfile`);
    }
  },
  // What filters otherwise on purpose is somebody's decision, and stays refused.
  mend: ({ spec, isWindows }) => {
    if (isWindows) return;
    spec.securityContext ??= {};
    spec.securityContext.seccompProfile ??= { type: "RuntimeDefault" };
  },
});
