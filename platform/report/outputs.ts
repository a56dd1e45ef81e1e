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

/** The outputs as lines for people, structured ones with a line for each member, as YAML has them. */
export const outputsText = (outputs: ShownOutputs): string => lines(outputs, "").join("\n");

function lines(value: unknown, indent: string): string[] {
  if (!isStructure(value)) return [`${indent}${typeof value === "string" ? value : JSON.stringify(value)}`];
  if (Array.isArray(value)) {
    return value.flatMap((member) => {
      const [first = "", ...rest] = lines(member, `${indent}  `);
      return [`${indent}- ${first.trimStart()}`, ...rest];
    });
  }
  return Object.entries(value).flatMap(([name, member]) =>
    isStructure(member)
      ? [`${indent}${name}:`, ...lines(member, `${indent}  `)]
      : lines(member, `${indent}${name}: `),
  );
}

const isStructure = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.keys(value).length > 0;
