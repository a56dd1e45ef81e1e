import type { EnvironmentCost } from "../../infra/cost.ts";
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
  /** Stores that nothing protects, and that go with what they hold. */
  readonly lostStores: Verdict["lost"];
  /** Stores that lose their protection: from then on they can be deleted. */
  readonly protectionLifted: readonly Pick<PlannedStep, "urn" | "name" | "type">[];
  /** US dollars a month before and after the change; absent when a preview did not come to its end, and of a refresh. */
  readonly costUsd?: CostChange;
  readonly diagnostics: readonly Diagnostic[];
  readonly durationSeconds: number;
}

/** What a change does to the bill of its environment. */
export interface CostChange {
  readonly before: EnvironmentCost["total"];
  readonly after: EnvironmentCost["total"];
}

/** The most dangerous first. */
const order = ["replace", "delete", "update", "create"] as const satisfies readonly Operation[];
const rank = (operation: Operation): number => (order as readonly Operation[]).indexOf(operation);

/** Puts a previewed change and the verdict on it into one document. */
export function changeReport(
  environment: string,
  target: ChangeReport["target"],
  outcome: OperationOutcome,
  verdict: Verdict,
): ChangeReport {
  const steps = changing(outcome.steps).sort(
    (a, b) =>
      Number(liftsProtection(b)) - Number(liftsProtection(a)) ||
      rank(a.operation) - rank(b.operation) ||
      a.urn.localeCompare(b.urn),
  );
  return {
    schema: 1,
    environment,
    target,
    allowed: verdict.allowed,
    counts: countOperations(outcome.steps),
    steps,
    findings: verdict.findings,
    endangeredStores: verdict.endangered,
    lostStores: verdict.lost,
    protectionLifted: steps.filter(liftsProtection).map(({ urn, name, type }) => ({ urn, name, type })),
    diagnostics: outcome.diagnostics,
    durationSeconds: outcome.durationSeconds,
  };
}

/** Whether the change would leave everything as it is. */
export const isUnchanged = ({ steps }: Pick<ChangeReport, "steps">): boolean => steps.length === 0;

const verbs = {
  planned: { replace: "to replace", delete: "to delete", update: "to update", create: "to create" },
  done: { replace: "replaced", delete: "deleted", update: "updated", create: "created" },
} as const;

/**
 * One line: `1 to replace, 2 to create, 40 unchanged`.
 *
 * @param tense Whether the change is meant, or was made.
 */
export function countsLine(counts: ChangeReport["counts"], tense: keyof typeof verbs = "planned"): string {
  const words = { ...verbs[tense], same: "unchanged" };
  const parts = ([...order, "same"] as const).flatMap((operation) => {
    const count = counts[operation] ?? 0;
    return count === 0 ? [] : [`${count} ${words[operation]}`];
  });
  return parts.length === 0 ? "nothing" : parts.join(", ");
}

/** Where a change goes, for people. */
export const placeOf = ({ target }: Pick<ChangeReport, "target">): string =>
  target === "sandbox" ? "the sandbox" : "DigitalOcean";

/** What a change of protection means, as the line above the stores that lose it. */
export const lifted = ({ protectionLifted: { length } }: Pick<ChangeReport, "protectionLifted">): string =>
  length === 1
    ? "This store loses its protection, and can be deleted from then on"
    : `These ${length} stores lose their protection, and can be deleted from then on`;

/** What it means that stores go which nothing protects, as the line above them. */
export const going = ({ lostStores: { length } }: Pick<ChangeReport, "lostStores">): string =>
  length === 1
    ? "This store goes with all it holds, and nothing protects it"
    : `These ${length} stores go with all they hold, and nothing protects them`;

/** A value on one line, shortened: values are data of the user's, of any length. */
export function shortValue(value: unknown, maxLength = 100): string {
  if (value === undefined) return "(none)";
  const text =
    typeof value === "string" && /^\[(secret|unknown)\]$/.test(value) ? value : JSON.stringify(value);
  return text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
}
