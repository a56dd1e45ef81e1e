import { highIdRule } from "./high-ids.ts";

export const requireHighGroupIds = highIdRule({
  name: "require-high-group-ids",
  description:
    "Containers run in groups that the node does not have: what is open to one of its groups is not open to them. Advice, because images bring groups of their own.",
  remedy: "set `securityContext: { runAsGroup: 10001 }` on the pod",
  severity: "low",
  level: "advisory",
  references: [{ framework: "Trivy", id: "KSV-0021" }],
  key: "runAsGroup",
});
