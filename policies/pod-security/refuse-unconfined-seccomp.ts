import { podRule } from "../kubernetes/pods.ts";

const filters = ["RuntimeDefault", "Localhost"];

export const refuseUnconfinedSeccomp = podRule({
  name: "refuse-unconfined-seccomp",
  description:
    "Nobody takes the filter of system calls away where there is one, for a pod or for a container.",
  remedy: 'set `seccompProfile: { type: "RuntimeDefault" }`',
  severity: "high",
  references: [
    { framework: "Pod Security Standards", id: "baseline" },
    { framework: "Trivy", id: "KSV-0030" },
    { framework: "Trivy", id: "KSV-0104" },
  ],
  check: (pod, report) => {
    for (const { context, path } of pod.securityContexts()) {
      const { seccompProfile: profile } = context;
      if (profile && !filters.includes(profile.type))
        report(`it is ${profile.type}`, `${path}.seccompProfile.type`);
    }
  },
});
