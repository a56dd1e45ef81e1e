import { containerRule } from "./pods.ts";

export const requireRestrictedContainers = containerRule({
  name: "require-restricted-containers",
  description:
    "Containers run as an ordinary user, without capabilities, under the runtime's system-call filter. A node agent runs as root with the capabilities that the catalogue allows it.",
  remedy:
    'set `runAsNonRoot: true`, `seccompProfile: { type: "RuntimeDefault" }` and `capabilities: { drop: ["ALL"] }`',
  severity: "high",
  references: [
    { framework: "Pod Security Standards", id: "restricted" },
    { framework: "Checkov", id: "CKV_K8S_23" },
    { framework: "Trivy", id: "KSV-0104" },
  ],
  check: ({ securityContext }, report, path, pod, { agent }) => {
    const own = `${path}.securityContext`;
    const inherited = pod.securityContext;
    if (agent === undefined) {
      if ((securityContext?.runAsNonRoot ?? inherited?.runAsNonRoot) !== true) {
        report("it may run as root", `${own}.runAsNonRoot`);
      }
      if ((securityContext?.runAsUser ?? inherited?.runAsUser) === 0)
        report("it runs as root", `${own}.runAsUser`);
    }
    const seccomp = (securityContext?.seccompProfile ?? inherited?.seccompProfile)?.type;
    if (seccomp !== "RuntimeDefault" && seccomp !== "Localhost") {
      report("system calls are not filtered", `${own}.seccompProfile`);
    }
    if (!(securityContext?.capabilities?.drop ?? []).includes("ALL")) {
      report("it keeps capabilities", `${own}.capabilities.drop`);
    }
    const allowed = ["NET_BIND_SERVICE", ...(agent?.capabilities ?? [])];
    const added = (securityContext?.capabilities?.add ?? []).filter((name) => !allowed.includes(name));
    if (added.length > 0) report(`it adds ${added.join(", ")}`, `${own}.capabilities.add`);
  },
});
