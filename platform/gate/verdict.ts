import type { PolicyEvent } from "@pulumi/pulumi/automation/index.js";
import { storeTypes } from "../../policies/stores/types.ts";
import { nameOf, type PlannedStep } from "../engine/plan.ts";
import type { CostChange } from "../report/change-report.ts";
import { overBudget } from "./budget.ts";
import { changeExemptions } from "./change-findings.ts";
import { lostStores } from "./lost-stores.ts";
import type { Place } from "./manifests.ts";
import { lateRestores } from "./restores.ts";
import { shrinkingStores } from "./shrinking.ts";
import { upgradesOfStores } from "./upgrades.ts";

/** What a policy says of one resource, or of the stack as a whole. */
export interface Finding {
  readonly policy: string;
  readonly pack: string;
  /** `mandatory` stops a change, `advisory` is told and lets it pass. */
  readonly level: "mandatory" | "advisory";
  /** The resource it is about; nothing when it is about the stack. */
  readonly urn?: string;
  readonly name?: string;
  /** What is wrong, why, and what to do, as the policy says it. */
  readonly message: string;
  /** How bad it is, as the rule has it; nothing of what environments share. */
  readonly severity?: string;
  /** Where it is written down, if it was judged in files. */
  readonly place?: Place;
  /** The value that the policy needs and that nobody can know yet. Such a policy has not passed: it has not judged. */
  readonly undecided?: string;
}

/** A store that the change would take away. */
export interface EndangeredStore {
  readonly urn: string;
  readonly name: string;
  readonly type: string;
  readonly operation: "delete" | "replace";
}

/** Whether a change may be made, and all that was found on the way to that answer. */
export interface Verdict {
  readonly allowed: boolean;
  readonly findings: readonly Finding[];
  /** Protected resources that would be deleted or replaced. */
  readonly endangered: readonly EndangeredStore[];
  /** Stores that nothing protects, and that would be deleted or replaced: told, and refused where a rule says so. */
  readonly lost: readonly EndangeredStore[];
}

/** What a verdict is made from. */
interface Evidence {
  readonly policyEvents: readonly PolicyEventSaid[];
  readonly steps: readonly PlannedStep[];
  /** URNs that the engine itself refused to delete, because they are protected. */
  readonly refusedByEngine: readonly string[];
  /** Whether the preview came to its end: else there are steps that nobody knows. */
  readonly complete: boolean;
  /** What the change costs; nothing of one whose preview did not come to its end. */
  readonly cost?: CostChange;
  /** What the environment may cost, in US dollars a month. Default: anything. */
  readonly budgetUsd?: number;
}

/**
 * Decides on a previewed change. A policy that met an unknown value has not judged: the engine turns even a mandatory
 * one into advice then, and here it is a refusal, because after the change has begun it is too late. To be asked within the
 * context of the stack, whose levels and exemptions count.
 */
export function judge(evidence: Evidence): Verdict {
  const endangered = endangeredStores(evidence);
  const lost = unprotectedStores(evidence).filter(
    ({ urn }) => !endangered.some((store) => store.urn === urn),
  );
  const findings = [
    ...evidence.policyEvents.map(toFinding),
    ...lostStores(lost),
    ...shrinkingStores(evidence.steps),
    ...lateRestores(evidence.steps),
    ...upgradesOfStores(evidence.steps),
    ...(evidence.cost === undefined ? [] : overBudget(evidence.cost, evidence.budgetUsd)),
    ...(evidence.complete ? changeExemptions() : []),
  ];
  const allowed = endangered.length === 0 && findings.every(({ level }) => level !== "mandatory");
  return { allowed, findings: unique(findings), endangered, lost };
}

/**
 * How the policy library words a rule that it could not run and made advice of, and how our own rules say it, which keep their
 * level; neither has another sign.
 */
const undecidedPattern =
  /(?:(?<softened>can't run policy '[^']+' from policy pack '[^']*' during preview)|cannot be decided before the change): (?<why>[^\n]*)/;

/** What the engine says of a violation; the Automation API's type does not name all of it. */
type PolicyEventSaid = PolicyEvent & { readonly severity?: string };

function toFinding(event: PolicyEventSaid): Finding {
  const message = plain(event.message);
  const { softened, why } = undecidedPattern.exec(message)?.groups ?? {};
  const undecided = why?.trim();
  return {
    policy: event.policyName,
    pack: event.policyPackName,
    level: event.enforcementLevel === "mandatory" || softened !== undefined ? "mandatory" : "advisory",
    ...(event.resourceUrn ? { urn: event.resourceUrn, name: nameOf(event.resourceUrn) } : {}),
    message,
    ...(event.severity ? { severity: event.severity } : {}),
    ...(undecided === undefined ? {} : { undecided }),
  };
}

/** What goes with a step: nothing, or the resource that it deletes or replaces. */
const gone = ({ urn, name, type, operation }: PlannedStep): EndangeredStore[] =>
  operation === "delete" || operation === "replace" ? [{ urn, name, type, operation }] : [];

const byName = (a: EndangeredStore, b: EndangeredStore) => a.name.localeCompare(b.name);

const unprotectedStores = ({ steps }: Evidence): EndangeredStore[] =>
  steps
    .filter((step) => !step.protected && storeTypes.some((type) => type === step.type))
    .flatMap(gone)
    .sort(byName);

function endangeredStores({ steps, refusedByEngine }: Evidence): EndangeredStore[] {
  const planned = steps.filter((step) => step.protected).flatMap(gone);
  const refused = refusedByEngine
    .filter((urn) => !planned.some((store) => store.urn === urn))
    .map((urn) => ({
      urn,
      name: nameOf(urn),
      type: typeOf(urn),
      operation: steps.some((step) => step.urn === urn && step.operation !== "delete")
        ? ("replace" as const)
        : ("delete" as const),
    }));
  return [...planned, ...refused].sort(byName);
}

/** The type token in a URN: the last of the types, which are joined by `$` from the outermost parent on. */
export const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

/** Takes out the engine's colour tags, such as `<{%fg 1%}>`, and terminal colours. */
export function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with one.
  return text.replaceAll(/<\{%[^%]*%\}>|\u001b\[[0-9;]*m/g, "").trim();
}

/** A stack policy may say the same of one resource twice. */
function unique(findings: readonly Finding[]): Finding[] {
  const seen = new Map(
    findings.map((finding) => [`${finding.policy}\n${finding.urn}\n${finding.message}`, finding]),
  );
  return [...seen.values()];
}
