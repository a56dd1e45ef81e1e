import type { StackState } from "../repair/state.ts";

/** A stack's outputs, as they may be shown: secrets are masked. */
export type ShownOutputs = Readonly<Record<string, unknown>>;

/** What Pulumi's state writes beside a value that is secret. */
const secretMarker = { key: "4dabf18193072939515e22adb298388d", value: "1b47061264138c4ac30d75fd1eb44270" };

/** The stack's outputs as its state records them. What is secret is masked at any depth, and nothing beside it. */
export function shownOutputs({ resources }: StackState): ShownOutputs {
  const stack = resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
  return Object.fromEntries(
    Object.entries(stack?.outputs ?? {})
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, value]) => [name, masked(value)]),
  );
}

function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value);
  if (members.some(([key, member]) => key === secretMarker.key && member === secretMarker.value))
    return "[secret]";
  return Object.fromEntries(members.map(([key, member]) => [key, masked(member)]));
}

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
