import { containerRule } from "../kubernetes/pods.ts";

export const refusePrivilegedContainers = containerRule({
  name: "refuse-privileged-containers",
  description: "No container is privileged: such a container owns its node.",
  remedy: "set `securityContext: { privileged: false }`, and add the one capability that it needs",
  severity: "critical",
  references: [
    { framework: "Pod Security Standards", id: "baseline" },
    { framework: "CIS Kubernetes", id: "5.2.2" },
    { framework: "Checkov", id: "CKV_K8S_16" },
    { framework: "Trivy", id: "KSV-0017" },
  ],
  check: ({ securityContext }, report, path) => {
    if (securityContext?.privileged ?? false)
      report("it is privileged", `${path}.securityContext.privileged`);
  },
});
