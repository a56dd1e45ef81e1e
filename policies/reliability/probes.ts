import { type Container, podRule } from "../kubernetes/pods.ts";
import type { Rule, RuleDetails } from "../rule.ts";

/** What ends by itself is not asked how it is. */
const tasks = /:(Job|CronJob|PodTemplate)(Patch|List)?$/;

/** A rule that wants a probe of every container that runs on. */
export const probeRule = ({
  probe,
  ...details
}: RuleDetails & { readonly probe: keyof Container & `${string}Probe` }): Rule =>
  podRule({
    ...details,
    types: (type) => type.startsWith("kubernetes:") && !tasks.test(type),
    check: ({ spec, path }, report) => {
      if (spec.restartPolicy === "Never" || spec.restartPolicy === "OnFailure") return;
      for (const container of spec.containers) {
        if (container[probe] === undefined)
          report("it is missing", `${path}.containers[${container.name}].${probe}`);
      }
    },
  });
