import { highIdRule } from "./high-ids.ts";

export const requireHighUserIds = highIdRule({
  name: "require-high-user-ids",
  description:
    "Containers run under numbers that no user of the node has: a file of the node that one gets hold of is nobody's of his. Advice, because images bring users of their own.",
  remedy: "set `securityContext: { runAsUser: 10001 }` on the pod",
  severity: "low",
  level: "advisory",
  references: [
    { framework: "Checkov", id: "CKV_K8S_40" },
    { framework: "Trivy", id: "KSV-0020" },
  ],
  key: "runAsUser",
});
