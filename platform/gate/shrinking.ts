import { changeRules } from "../../policies/changes/change-rules.ts";
import { makesLess } from "../../policies/stores/growth.ts";
import type { PlannedStep } from "../engine/plan.ts";
import { changeFinding } from "./change-findings.ts";
import type { Finding } from "./verdict.ts";

/**
 * Finds stores that would become less than they are. No policy can: a policy sees what is wanted, the gate what was there
 * before too. The service refuses it only when half of the change is made.
 */
export function shrinkingStores(steps: readonly PlannedStep[]): Finding[] {
  return steps
    .filter(({ operation }) => operation === "update")
    .flatMap(({ urn, name, type, changes }) =>
      changes
        .filter(({ path, before, after }) => makesLess(type, path, before, after))
        .flatMap(({ path, before, after }) =>
          changeFinding(
            changeRules.shrinkingStores,
            { urn, name },
            `${path} would fall from ${before} to ${after}, and the service lets it only grow: the change would fail when half of it is made.`,
          ),
        ),
    );
}
