import { podRule } from "../kubernetes/pods.ts";

export const refuseRootUsers = podRule({
  name: "refuse-root-users",
  description:
    "No container is given root's number. A node agent is, with the capabilities that the catalogue allows it; a pod with users of its own (`hostUsers: false`) may be.",
  remedy: "take `runAsUser: 0` out, or write the number of an ordinary user: `runAsUser: 10001`",
  severity: "high",
  references: [
    { framework: "Pod Security Standards", id: "restricted" },
    { framework: "Checkov", id: "CKV_K8S_23" },
    { framework: "Trivy", id: "KSV-0105" },
  ],
  check: (pod, report) => {
    if (pod.hasOwnUsers || pod.agent !== undefined) return;
    for (const { context, path } of pod.securityContexts()) {
      if (context.runAsUser === 0) report("it runs as root", `${path}.runAsUser`);
    }
  },
});
