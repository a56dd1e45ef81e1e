import { podRule } from "../kubernetes/pods.ts";

/** Below are the users of the node, such as its services'. */
const least = 10_000;

export const requireHighUserIds = podRule({
  name: "require-high-user-ids",
  description:
    "Containers run under numbers that no user of the node has: a file of the node that one gets hold of is nobody's of his. Advice, because images bring users of their own.",
  remedy: "set `securityContext: { runAsUser: 10001, runAsGroup: 10001 }` on the pod",
  severity: "low",
  level: "advisory",
  references: [
    { framework: "Checkov", id: "CKV_K8S_40" },
    { framework: "Trivy", id: "KSV-0020" },
    { framework: "Trivy", id: "KSV-0021" },
  ],
  check: (pod, report) => {
    if (pod.isWindows || pod.hasOwnUsers || pod.agent !== undefined) return;
    const problems = (["runAsUser", "runAsGroup"] as const).flatMap((key) => {
      const inherited = pod.spec.securityContext?.[key];
      const ids = pod.containers().map(({ container }) => container.securityContext?.[key] ?? inherited);
      return [...new Set(ids)].flatMap((id) => {
        if (id !== undefined && id >= least) return [];
        return id === undefined ? `an image chooses the ${key}` : `${key} ${id} may be one of the node's`;
      });
    });
    if (problems.length > 0) report(problems.join(", "), `${pod.path}.securityContext`);
  },
});
