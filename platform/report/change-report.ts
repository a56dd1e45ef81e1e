import type { Diagnostic, OperationOutcome } from "../engine/operations.ts";
import {
  changing,
  countOperations,
  liftsProtection,
  type Operation,
  type PlannedStep,
} from "../engine/plan.ts";
import type { Verdict } from "../gate/verdict.ts";

/**
 * What a change would do, and whether it may: the document that `platform preview --json` prints, and that its texts
 * are made from. Members are only ever added; `schema` counts what breaks.
 */
export interface ChangeReport {
  readonly schema: 1;
  readonly environment: string;
  readonly target: "sandbox" | "digitalocean";
  /** Whether the gate lets it pass. */
  readonly allowed: boolean;
  /** How many resources there are of each operation, those that stay the same included. */
  readonly counts: Partial<Record<Operation, number>>;
  /** The resources that change: those that lose their protection first, then replacements and deletions. */
  readonly steps: readonly PlannedStep[];
  readonly findings: Verdict["findings"];
  readonly endangeredStores: Verdict["endangered"];
  readonly diagnostics: readonly Diagnostic[];
  readonly durationSeconds: number;
}

/** The most dangerous first. */
const order: readonly Operation[] = ["replace", "delete", "update", "create"];

/** Puts a previewed change and the verdict on it into one document. */
export function changeReport(
  environment: string,
  target: ChangeReport["target"],
  outcome: OperationOutcome,
  verdict: Verdict,
): ChangeReport {
  return {
    schema: 1,
    environment,
    target,
    allowed: verdict.allowed,
    counts: countOperations(outcome.steps),
    steps: changing(outcome.steps).sort(
      (a, b) =>
        Number(liftsProtection(b)) - Number(liftsProtection(a)) ||
        order.indexOf(a.operation) - order.indexOf(b.operation) ||
        a.urn.localeCompare(b.urn),
    ),
    findings: verdict.findings,
    endangeredStores: verdict.endangered,
    diagnostics: outcome.diagnostics,
    durationSeconds: outcome.durationSeconds,
  };
}

/** Whether the change would leave everything as it is. */
export const isUnchanged = ({ steps }: Pick<ChangeReport, "steps">): boolean => steps.length === 0;

const verbs: Record<Operation, string> = {
  replace: "to replace",
  delete: "to delete",
  update: "to update",
  create: "to create",
  read: "to read",
  same: "unchanged",
};

/** One line: `1 to replace, 2 to create, 40 unchanged`. */
export function countsLine(counts: ChangeReport["counts"]): string {
  const parts = [...order, "same" as const].flatMap((operation) => {
    const count = counts[operation] ?? 0;
    return count === 0 ? [] : [`${count} ${verbs[operation]}`];
  });
  return parts.length === 0 ? "nothing" : parts.join(", ");
}

/** A value on one line, shortened: values are data of the user's, of any length. */
export function shortValue(value: unknown, maxLength = 100): string {
  if (value === undefined) return "(none)";
  const text =
    typeof value === "string" && /^\[(secret|unknown)\]$/.test(value) ? value : JSON.stringify(value);
  return text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
}
