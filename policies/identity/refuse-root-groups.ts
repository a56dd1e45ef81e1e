import { podRule } from "../kubernetes/pods.ts";

export const refuseRootGroups = podRule({
  name: "refuse-root-groups",
  description:
    "No container is of root's group: files of the node and of images are often open to it. A node agent may be.",
  remedy: "set `runAsGroup` and `fsGroup` to another number than 0, and take 0 out of `supplementalGroups`",
  severity: "low",
  references: [{ framework: "Trivy", id: "KSV-0116" }],
  check: (pod, report) => {
    if (pod.hasOwnUsers || pod.agent !== undefined) return;
    for (const { context, path } of pod.securityContexts()) {
      if (context.runAsGroup === 0) report("it is root's", `${path}.runAsGroup`);
      if (context.fsGroup === 0) report("it is root's", `${path}.fsGroup`);
      if ((context.supplementalGroups ?? []).includes(0))
        report("it is root's", `${path}.supplementalGroups`);
    }
  },
});
