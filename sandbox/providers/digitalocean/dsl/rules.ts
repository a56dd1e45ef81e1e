import type { PlainValue } from "../../kit/index.ts";
import type { Field, Rule } from "./fields.ts";

/** What is wrong with a value that has the field's type; undefined when nothing is. */
export function brokenRules(field: Field, value: PlainValue): string[] {
  return [...builtInRules(field), ...(field.rules ?? [])].flatMap((rule) => rule(value) ?? []);
}

function builtInRules(field: Field): Rule[] {
  switch (field.kind) {
    case "string":
      return [
        field.oneOf && oneOf(field.oneOf),
        field.minLength !== undefined && atLeast(field.minLength, lengthOf, "characters"),
        field.maxLength !== undefined && atMost(field.maxLength, lengthOf, "characters"),
        field.pattern && matches(...field.pattern),
      ].filter(isRule);
    case "integer":
    case "number":
      return [
        field.min !== undefined && atLeast(field.min, Number),
        field.max !== undefined && atMost(field.max, Number),
      ].filter(isRule);
    case "list":
      return [
        field.minItems !== undefined && atLeast(field.minItems, lengthOf, "entries"),
        field.maxItems !== undefined && atMost(field.maxItems, lengthOf, "entries"),
      ].filter(isRule);
    default:
      return [];
  }
}

function isRule(rule: Rule | false | undefined): rule is Rule {
  return typeof rule === "function";
}

const lengthOf = (value: PlainValue) =>
  typeof value === "string" || Array.isArray(value) ? value.length : 0;

function oneOf(choices: readonly string[]): Rule {
  return (value) => {
    if (choices.includes(String(value))) return undefined;
    return `${quote(value)} is not one of ${choices.join(", ")}${didYouMean(String(value), choices)}`;
  };
}

function matches(pattern: RegExp, meaning: string): Rule {
  return (value) => (pattern.test(String(value)) ? undefined : `${quote(value)}: ${meaning}`);
}

function atLeast(bound: number, measure: (value: PlainValue) => number, unit = ""): Rule {
  return (value) => {
    const measured = measure(value);
    if (measured >= bound) return undefined;
    return unit === "" ? `${measured} is less than the least, ${bound}` : `needs at least ${bound} ${unit}`;
  };
}

function atMost(bound: number, measure: (value: PlainValue) => number, unit = ""): Rule {
  return (value) => {
    const measured = measure(value);
    if (measured <= bound) return undefined;
    return unit === ""
      ? `${measured} is more than the most, ${bound}`
      : `has ${measured} ${unit}, more than the ${bound} allowed`;
  };
}

const quote = (value: PlainValue) => JSON.stringify(value);

/** `; did you mean "x"?` with the choice that is nearest, empty when none is near. */
export function didYouMean(text: string, choices: Iterable<string>): string {
  const nearest = [...choices]
    .map((choice) => ({ choice, distance: editDistance(text.toLowerCase(), choice.toLowerCase()) }))
    .filter(({ choice, distance }) => distance <= Math.max(2, Math.floor(choice.length / 3)))
    .sort((one, other) => one.distance - other.distance)[0];
  return nearest === undefined ? "" : `; did you mean "${nearest.choice}"?`;
}

/** Levenshtein's distance: insertions, deletions and substitutions from one text to the other. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...from].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...to].entries()) {
      current.push(
        Math.min(
          (previous[column + 1] ?? 0) + 1,
          (current[column] ?? 0) + 1,
          (previous[column] ?? 0) + (letter === other ? 0 : 1),
        ),
      );
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
