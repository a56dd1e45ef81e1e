import type { OutputMap } from "@pulumi/pulumi/automation/index.js";

/** A stack's outputs, as they may be shown: secrets are masked. */
export type ShownOutputs = Readonly<Record<string, unknown>>;

/** Masks what is secret. */
export const shownOutputs = (outputs: OutputMap): ShownOutputs =>
  Object.fromEntries(
    Object.entries(outputs)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, { value, secret }]) => [name, secret ? "[secret]" : value]),
  );

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
