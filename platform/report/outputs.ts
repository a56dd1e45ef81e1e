import { stackType } from "../engine/plan.ts";
import type { StackState } from "../repair/state.ts";
import { shownValue } from "./shown-value.ts";

/** A stack's outputs, as they may be shown: secrets are masked. */
export type ShownOutputs = Readonly<Record<string, unknown>>;

/** The stack's outputs in the order of their names. What is secret is masked at any depth, and nothing beside it. */
export const shownOutputs = (outputs: Readonly<Record<string, unknown>>): ShownOutputs =>
  Object.fromEntries(
    Object.entries(outputs)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, value]) => [name, shownValue(value)]),
  );

/** The stack's outputs as its state records them. */
export const recordedOutputs = ({ resources }: StackState): ShownOutputs =>
  shownOutputs(resources?.find(({ type }) => type === stackType)?.outputs ?? {});

/** The outputs as lines for people, structured ones with a line for each member. */
export const outputsText = (outputs: ShownOutputs): string => lines(outputs, "").join("\n");

function lines(value: unknown, indent: string): string[] {
  if (typeof value !== "object" || value === null) return [`${indent}${String(value)}`];
  return Object.entries(value).flatMap(([name, member]) =>
    typeof member === "object" && member !== null && Object.keys(member).length > 0
      ? [`${indent}${name}:`, ...lines(member, `${indent}  `)]
      : [`${indent}${name}: ${typeof member === "string" ? member : JSON.stringify(member)}`],
  );
}
