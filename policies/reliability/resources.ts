import { podRule } from "../kubernetes/pods.ts";
import type { Rule, RuleDetails } from "../rule.ts";

/** A rule that wants each container, or its pod for all of them, to say what it needs or may take. */
export const resourcesRule = ({
  bound,
  resource,
  ...details
}: RuleDetails & { readonly bound: "requests" | "limits"; readonly resource: "cpu" | "memory" }): Rule =>
  podRule({
    ...details,
    check: (pod, report) => {
      const ofAll = pod.spec.resources?.[bound]?.[resource];
      for (const { container, path } of pod.lastingContainers()) {
        if ((container.resources?.[bound]?.[resource] ?? ofAll) === undefined)
          report("it is not set", `${path}.resources.${bound}.${resource}`);
      }
    },
  });
