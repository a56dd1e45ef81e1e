import type { Diagnostic } from "../engine/operations.ts";
import { nameOf } from "../engine/plan.ts";
import { isOperatorsFault } from "../engine/program-failures.ts";
import { whatAndWhere } from "../environment/project.ts";

/** What the engine says of something only because something else failed. */
const isConsequence = /\bcontext canceled$|^(preview|update|refresh|destroy) failed$/;

/** Why something failed, for people. */
interface FailureCauses {
  readonly lines: readonly string[];
  /** Whether all there is to it is what the operator gave the program: its configuration, or a component's arguments. */
  readonly operatorsFault: boolean;
}

/**
 * Why an operation failed: what the program threw, and what the engine says of each resource. What was only given up
 * because something else failed is left out, what is said twice is said once, and what is said of many resources names
 * the first.
 */
export function failureCauses(
  errors: readonly Diagnostic[],
  thrown: readonly Error[],
  projectFolder: string,
): FailureCauses {
  const others = errors.filter(
    ({ message, urn }) => urn !== undefined || !thrown.some((error) => message.includes(error.message)),
  );
  const causes = others.filter(({ message }) => !isConsequence.test(message.trim()));
  const told = causes.length + thrown.length === 0 ? others : causes;
  const typing = thrown.some((error) => error instanceof TypeError || error instanceof ReferenceError);
  return {
    lines: [
      ...thrown.map((error) => `  - ${thrownText(error, projectFolder)}`),
      ...grouped(told).map((line) => `  - ${line}`),
      ...(typing ? ['  "npm run typecheck" finds mistakes of this kind, and their places.'] : []),
    ],
    operatorsFault: thrown.length > 0 && told.length === 0 && thrown.every(isOperatorsFault),
  };
}

const thrownText = (error: Error, projectFolder: string): string =>
  indented(isOperatorsFault(error) ? error.message : whatAndWhere(error, projectFolder));

/** A line for each different message, with the first resource that it is said of and how many more there are. */
function grouped(errors: readonly Diagnostic[]): string[] {
  const groups = new Map<string, (string | undefined)[]>();
  for (const { message, urn } of errors) {
    const text = tidy(message);
    groups.set(text, [...(groups.get(text) ?? []), urn]);
  }
  return [...groups].map(([text, urns]) => {
    const [first, ...more] = new Set(urns.filter((urn) => urn !== undefined));
    if (first === undefined) return text;
    const count = more.length === 0 ? "" : ` and ${more.length} more resource${more.length === 1 ? "" : "s"}`;
    return `${nameOf(first)}${count}: ${text}`;
  });
}

/** Indents further lines, and leaves out the frames of our own program's stack. */
const tidy = (message: string): string =>
  indented(
    message
      .split("\n")
      .filter((line) => !/^\s+at .*(:\d+:\d+\)?|\(<anonymous>\))$/.test(line))
      .join("\n"),
  );

const indented = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .join("\n    ");
