import { podRule } from "../kubernetes/pods.ts";
import type { Rule, RuleDetails } from "../rule.ts";

/** Below are the users and groups of the node, such as its services'. */
const least = 10_000;

/** A rule that wants containers to run under a number that is nobody's on the node. */
export const highIdRule = ({
  key,
  ...details
}: RuleDetails & { readonly key: "runAsUser" | "runAsGroup" }): Rule =>
  podRule({
    ...details,
    check: (pod, report) => {
      if (pod.isWindows || pod.hasOwnUsers || pod.agent !== undefined) return;
      const inherited = pod.spec.securityContext?.[key];
      const ids = pod.containers().map(({ container }) => container.securityContext?.[key] ?? inherited);
      const problems = [...new Set(ids)].flatMap((id) => {
        if (id !== undefined && id >= least) return [];
        return id === undefined ? "an image chooses it" : `${id} may be one of the node's`;
      });
      if (problems.length > 0) report(problems.join(", "), `${pod.path}.securityContext.${key}`);
    },
  });
