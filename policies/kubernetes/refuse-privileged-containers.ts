import { containerRule } from "./pods.ts";

export const refusePrivilegedContainers = containerRule({
  name: "refuse-privileged-containers",
  description: "No container is privileged or may become so: such a container owns its node.",
  remedy: "set `securityContext: { privileged: false, allowPrivilegeEscalation: false }`",
  severity: "critical",
  references: [
    { framework: "Pod Security Standards", id: "restricted" },
    { framework: "Checkov", id: "CKV_K8S_16" },
    { framework: "Trivy", id: "KSV-0017" },
  ],
  check: ({ securityContext }, report, path) => {
    if (securityContext?.privileged === true)
      report("it is privileged", `${path}.securityContext.privileged`);
    if (securityContext?.allowPrivilegeEscalation !== false) {
      report("it may gain privileges", `${path}.securityContext.allowPrivilegeEscalation`);
    }
  },
});
