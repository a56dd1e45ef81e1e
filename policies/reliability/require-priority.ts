import { podRule } from "../kubernetes/pods.ts";

export const requirePriority = podRule({
  name: "require-priority",
  description:
    "Every pod says how important it is: where there is no room for all, Kubernetes would else send users' pods away like a queue's.",
  remedy:
    'set `priorityClassName`, such as "whisper-application"; the `system-` classes are Kubernetes\' own',
  severity: "low",
  references: [{ framework: "SOC 2", id: "A1.1" }],
  check: ({ spec: { priorityClassName }, path }, report) => {
    if (priorityClassName === undefined) report("it is not set", `${path}.priorityClassName`);
    else if (priorityClassName.startsWith("system-"))
      report("it is a class of Kubernetes' own pods", `${path}.priorityClassName`);
  },
});
