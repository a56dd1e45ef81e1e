import type { CheckFailure } from "../kit/errors.ts";
import { isPropertyMap, type PlainValue, type PropertyMap, Unknown, withoutSecrets } from "../kit/values.ts";
import type { GeneratedType, InputKind, InputRule, PlainInputs } from "./generated-type.ts";

const KINDS: Readonly<
  Record<InputKind, { readonly noun: string; readonly test: (value: unknown) => boolean }>
> = {
  string: { noun: "a string", test: (value) => typeof value === "string" },
  integer: { noun: "a whole number", test: Number.isSafeInteger },
  boolean: { noun: "true or false", test: (value) => typeof value === "boolean" },
  map: {
    noun: "a map of strings",
    test: (value) =>
      typeof value === "object" &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every(isStringLike),
  },
  object: {
    noun: "an object",
    test: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  },
  strings: { noun: "a list of strings", test: (value) => Array.isArray(value) && value.every(isStringLike) },
};

/** All faults of the inputs of a type: unknown names, missing ones, wrong kinds, ranges, and what does not go together. */
export function checkInputs(type: GeneratedType, inputs: PropertyMap): CheckFailure[] {
  const unexpected = Object.keys(inputs)
    .filter((name) => !(name in type.inputs))
    .map((name) => ({
      path: [name],
      reason: `${type.token} has no input ${JSON.stringify(name)}; it takes ${Object.keys(type.inputs).sort().join(", ")}`,
    }));
  const faulty = Object.entries(type.inputs).flatMap(([name, rule]) => checkInput(name, rule, inputs));
  const alone = [...unexpected, ...faulty];
  const wrong = new Set(alone.map((failure) => failure.path[0]));
  const sound = Object.fromEntries(Object.entries(knownInputs(inputs)).filter(([name]) => !wrong.has(name)));
  return [...alone, ...(type.validate?.(sound) ?? [])];
}

/** The inputs as plain values, without those that are null or not known yet. */
export function knownInputs(inputs: PropertyMap): PlainInputs {
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([name, value]) => {
      const plain = withoutSecrets(value);
      return plain === null || containsUnknown(plain) ? [] : [[name, plain as PlainValue]];
    }),
  );
}

/** The inputs as the vendor's plugin repeats them in the outputs: defaults filled in, what belongs together settled. */
export function settledInputs(type: GeneratedType, given: PlainInputs): PlainInputs {
  const defaults = Object.fromEntries(
    Object.entries(type.inputs).flatMap(([name, rule]) =>
      rule.default === undefined ? [] : [[name, rule.default]],
    ),
  );
  const settled = { ...defaults, ...given };
  return type.settle?.(settled, given) ?? settled;
}

function checkInput(name: string, rule: InputRule, inputs: PropertyMap): CheckFailure[] {
  const value = withoutSecrets(inputs[name] ?? null);
  if (value === null) return rule.required ? [{ path: [name], reason: "is required" }] : [];
  if (containsUnknown(value)) return [];
  const kind = KINDS[rule.kind];
  if (!kind.test(value))
    return [{ path: [name], reason: `must be ${kind.noun}, is ${JSON.stringify(value)}` }];
  if (rule.minimum !== undefined && Number(value) < rule.minimum) {
    return [{ path: [name], reason: `must be at least ${rule.minimum}, is ${JSON.stringify(value)}` }];
  }
  return [];
}

/** Values of maps and members of lists may still be unknown or null: those are not judged. */
function isStringLike(value: unknown): boolean {
  return typeof value === "string" || value === null || value instanceof Unknown;
}

function containsUnknown(value: PropertyMap[string]): boolean {
  if (value instanceof Unknown) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isPropertyMap(value) && Object.values(value).some(containsUnknown);
}
