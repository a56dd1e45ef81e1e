import { isDeepStrictEqual } from "node:util";
import type { EngineEvent, PolicyEvent } from "@pulumi/pulumi/automation/index.js";

/** What the engine says of a policy that changed what a resource asks for; the Automation API's types do not know it. */
interface PolicyRemediationEvent
  extends Pick<PolicyEvent, "resourceUrn" | "color" | "policyName" | "policyPackName" | "policyPackVersion"> {
  readonly policyPackVersionTag: string;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
}

/** That a policy put something right, as advice: whoever reads the plan learns what the program does not say. */
export function remediationAdvice(
  event: EngineEvent & { readonly policyRemediationEvent?: PolicyRemediationEvent },
): PolicyEvent | undefined {
  if (event.policyRemediationEvent === undefined) return undefined;
  const { before = {}, after = {}, ...remediation } = event.policyRemediationEvent;
  // Names alone: a value may be a secret.
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (property) => !isDeepStrictEqual(before[property], after[property]),
  );
  return {
    ...remediation,
    enforcementLevel: "warning",
    message: `${changed.join(", ")}: put right in this change, and wrong in the program\nRemedy: write it into the program, or leave it to the policy's level, which is remediate`,
  };
}
