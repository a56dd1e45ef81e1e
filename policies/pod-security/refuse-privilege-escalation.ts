import { containerRule } from "../kubernetes/pods.ts";

export const refusePrivilegeEscalation = containerRule({
  name: "refuse-privilege-escalation",
  description:
    "No process gains more rights than the one that started it, by a set-user-id program for example.",
  remedy: "set `securityContext: { allowPrivilegeEscalation: false }`",
  severity: "high",
  references: [
    { framework: "Pod Security Standards", id: "restricted" },
    { framework: "CIS Kubernetes", id: "5.2.6" },
    { framework: "Checkov", id: "CKV_K8S_20" },
    { framework: "Trivy", id: "KSV-0001" },
  ],
  check: ({ securityContext }, report, path, { isWindows }) => {
    if (!isWindows && securityContext?.allowPrivilegeEscalation !== false)
      report("it may gain privileges", `${path}.securityContext.allowPrivilegeEscalation`);
  },
  mend: (container, { isWindows }) => {
    if (isWindows) return;
    container.securityContext ??= {};
    container.securityContext.allowPrivilegeEscalation = false;
  },
});
