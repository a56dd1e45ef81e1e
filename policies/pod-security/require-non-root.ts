import { podRule } from "../kubernetes/pods.ts";

export const requireNonRoot = podRule({
  name: "require-non-root",
  description:
    "Containers run as an ordinary user: who breaks out of one is not root on the node. A node agent runs as root with the capabilities that the catalogue allows it; a pod with users of its own (`hostUsers: false`) may.",
  remedy: "set `securityContext: { runAsNonRoot: true }` on the pod",
  severity: "high",
  references: [
    { framework: "Pod Security Standards", id: "restricted" },
    { framework: "CIS Kubernetes", id: "5.2.7" },
    { framework: "Checkov", id: "CKV_K8S_23" },
    { framework: "Trivy", id: "KSV-0012" },
  ],
  check: (pod, report) => {
    if (pod.hasOwnUsers || pod.agent !== undefined) return;
    const inherited = pod.spec.securityContext?.runAsNonRoot;
    // Said of the pod, it is wrong even where each container says otherwise: the next one may not.
    if (inherited === false) report("it may run as root", `${pod.path}.securityContext.runAsNonRoot`);
    for (const { container, path } of pod.containers()) {
      if ((container.securityContext?.runAsNonRoot ?? inherited) !== true)
        report("it may run as root", `${path}.securityContext.runAsNonRoot`);
    }
  },
});
