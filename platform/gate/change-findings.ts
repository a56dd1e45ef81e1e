import { isChangeRule } from "../../policies/changes/change-rules.ts";
import { hasEnded, isExempted, usesOf } from "../../policies/exemptions/exempted.ts";
import { staleExemptions, toldExemption } from "../../policies/exemptions/settings-policies.ts";
import type { RuleDetails } from "../../policies/rule.ts";
import { levelOf, settings } from "../../policies/settings.ts";
import type { PlannedStep } from "../engine/plan.ts";
import type { Finding } from "./verdict.ts";

/** Under which name the gate's own findings are told. */
const pack = "gate";

/**
 * What a step, or the change as a whole, does against a rule of changes, unless the environment's configuration lets it be.
 *
 * @param remedy What to do in this very case. Default: the rule's.
 */
export function changeFinding(
  rule: RuleDetails,
  { urn, name }: Partial<Pick<PlannedStep, "urn" | "name">>,
  problem: string,
  remedy: string = rule.remedy,
): Finding[] {
  const level = levelOf(rule, false);
  if (level === "disabled" || (urn !== undefined && isExempted(rule.name, urn))) return [];
  return [
    {
      policy: rule.name,
      pack,
      level: level === "advisory" ? level : "mandatory",
      severity: rule.severity,
      ...(urn !== undefined && { urn }),
      ...(name !== undefined && { name }),
      message: `${problem}\nRemedy: ${remedy}`,
    },
  ];
}

/**
 * What there is to say of the exemptions from rules of changes: those in use, and those that nobody needs, which would let the
 * next loss pass. The pack, which sees no change, leaves both to the gate.
 */
export function changeExemptions(): Finding[] {
  return settings().exemptions.flatMap((exemption, index): Finding[] => {
    if (!isChangeRule(exemption.rule) || hasEnded(exemption)) return [];
    if (usesOf(exemption) > 0)
      return [{ policy: "tell-exemptions", pack, level: "advisory", message: toldExemption(exemption) }];
    const problem = `policies:exemptions[${index}] from ${exemption.rule} is not needed: this change does nothing of the kind to ${exemption.resource}`;
    return [
      {
        policy: staleExemptions.name,
        pack,
        level: "mandatory",
        message: `${problem}\nRemedy: ${staleExemptions.remedy}`,
      },
    ];
  });
}
