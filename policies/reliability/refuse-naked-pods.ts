import { podRule } from "../kubernetes/pods.ts";

export const refuseNakedPods = podRule({
  name: "refuse-naked-pods",
  description: "Something makes the pod again when its node goes: a pod alone is gone with it.",
  remedy: "write a Deployment, a StatefulSet or a Job",
  severity: "medium",
  references: [{ framework: "Kubescape", id: "C-0073" }],
  level: "advisory",
  types: ["kubernetes:core/v1:Pod"],
  check: ({ path }, report) => report("nothing makes it again", path),
});
