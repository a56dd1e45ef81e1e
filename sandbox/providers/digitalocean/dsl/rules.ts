import { closest } from "../../../closest.ts";
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
  const meant = closest(text, choices);
  return meant === undefined ? "" : `; did you mean "${meant}"?`;
}
