import { changeRules } from "../../policies/changes/change-rules.ts";
import type { CostChange } from "../report/change-report.ts";
import { dollars } from "../report/cost-text.ts";
import { changeFinding } from "./change-findings.ts";
import type { Finding } from "./verdict.ts";

/**
 * Holds a change against what its environment may cost. No rule of the pack can: the prices are the components'.
 *
 * @param budgetUsd US dollars a month; nothing where anything is allowed.
 */
export function overBudget({ before, after }: CostChange, budgetUsd: number | undefined): Finding[] {
  if (budgetUsd === undefined || after.maximum <= budgetUsd) return [];
  const problem = `The environment would cost ${dollars(after)} a month, and may cost ${budgetUsd} $.`;
  const findings = changeFinding(changeRules.exceededBudget, {}, problem);
  return after.maximum > before.maximum
    ? findings
    : findings.map((finding) => ({ ...finding, level: "advisory" }));
}
