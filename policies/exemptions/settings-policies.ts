import type { Policies } from "@pulumi/policy";
import { isChangeRule } from "../changes/change-rules.ts";
import type { Rule } from "../rule.ts";
import { type Exemption, settings } from "../settings.ts";
import { hasEnded, usesOf } from "./exempted.ts";

/**
 * What judges the exemptions and levels that a stack's configuration sets. They come after all rules, when it is known which
 * exemptions were needed.
 */
export const settingsPolicies = (rules: readonly Rule[]): Policies => [
  {
    name: staleExemptions.name,
    description:
      "Exemptions from rules and levels of rules are understood, needed and not over: what nobody needs any more would let the next fault pass.",
    remediationSteps: staleExemptions.remedy,
    severity: "high",
    enforcementLevel: "mandatory",
    validateStack: (_stack, report) => {
      for (const fault of faultsOfSettings(rules)) report(`${fault}\nRemedy: ${staleExemptions.remedy}`);
    },
  },
  {
    name: "tell-exemptions",
    description: "Exemptions in use are told in every preview, with their reason, owner and last day.",
    severity: "low",
    enforcementLevel: "advisory",
    validateStack: (_stack, report) => {
      for (const exemption of settings().exemptions) {
        if (usesOf(exemption) > 0) report(toldExemption(exemption));
      }
    },
  },
];

/** What refuses exemptions that are over or needed by nobody. */
export const staleExemptions = {
  name: "refuse-stale-exemptions",
  remedy:
    "mend, prolong with a reason, or take it out of `policies:exemptions` or `policies:levels` in the stack's configuration; docs/policies.md lists the rules",
} as const;

function faultsOfSettings(rules: readonly Rule[]): string[] {
  const { levels, exemptions, faults } = settings();
  const isRule = (name: string) => isChangeRule(name) || rules.some((rule) => rule.name === name);
  return [
    ...faults,
    ...Object.entries(levels).flatMap(([name, level]) => {
      const rule = rules.find((one) => one.name === name);
      if (isChangeRule(name) && level !== "remediate") return [];
      if (rule === undefined) return [`policies:levels names ${name}, which is no rule`];
      if (level !== "remediate" || rule.mends) return [];
      const able = rules.filter(({ mends }) => mends).map((one) => one.name);
      return [`policies:levels.${name} is remediate, and it knows no safe value: only ${able.join(", ")} do`];
    }),
    ...exemptions.flatMap((exemption, index) => {
      const fault = faultOf(exemption, isRule);
      return fault === undefined ? [] : [`policies:exemptions[${index}] ${fault}`];
    }),
  ];
}

function faultOf(exemption: Exemption, isRule: (name: string) => boolean): string | undefined {
  const { rule, resource, owner, expires } = exemption;
  if (!isRule(rule)) return `names ${rule}, which is no rule`;
  if (hasEnded(exemption)) return `from ${rule} ended on ${expires}: ask ${owner}`;
  // Only the gate sees what a change does, and whether such an exemption is needed.
  if (usesOf(exemption) === 0 && !isChangeRule(rule))
    return `from ${rule} is not needed: nothing that matches ${resource} violates it`;
  return undefined;
}

/** What a preview says of an exemption in use. */
export function toldExemption(exemption: Exemption): string {
  const { rule, resource, reason, owner, expires } = exemption;
  const times = usesOf(exemption);
  return `${rule} lets ${resource} be until ${expires} (${times} ${times === 1 ? "violation" : "violations"}): ${reason} - ${owner}`;
}
