import type { Imported, InputRule, PlainInputs } from "../generated/generated-type.ts";
import type { CheckFailure } from "../kit/errors.ts";
import { type Dice, shuffle, unpredictable } from "./dice.ts";
import { KEEPERS } from "./keepers.ts";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

/** A class of characters: the input that allows it, the one that demands a number of them. */
const CLASSES = [
  { allow: "upper", least: "minUpper", characters: () => LOWER.toUpperCase() },
  { allow: "lower", least: "minLower", characters: () => LOWER },
  { allow: "numeric", least: "minNumeric", characters: () => "0123456789" },
  {
    allow: "special",
    least: "minSpecial",
    characters: (inputs: PlainInputs) => String(inputs.overrideSpecial ?? "") || SPECIAL,
  },
] as const;

/** The inputs that `RandomString` and `RandomPassword` share. */
export const CHARACTER_INPUTS: Readonly<Record<string, InputRule>> = {
  keepers: KEEPERS,
  length: { kind: "integer", required: true, minimum: 1 },
  lower: { kind: "boolean", default: true },
  minLower: { kind: "integer", minimum: 0, default: 0 },
  minNumeric: { kind: "integer", minimum: 0, default: 0 },
  minSpecial: { kind: "integer", minimum: 0, default: 0 },
  minUpper: { kind: "integer", minimum: 0, default: 0 },
  number: { kind: "boolean", deprecation: "use numeric" },
  numeric: { kind: "boolean" },
  overrideSpecial: {
    kind: "string",
    replaces: (before, after) => !(before === "" && after === undefined),
  },
  special: { kind: "boolean", default: true },
  upper: { kind: "boolean", default: true },
};

/** `number` is the old name of `numeric`: the outputs hold both, and they agree. */
export function settleCharacters(inputs: PlainInputs, given: PlainInputs): PlainInputs {
  const numeric = given.numeric ?? given.number ?? true;
  return { ...inputs, number: numeric, numeric };
}

/** What is wrong with the inputs together: too short for the minimums, nothing to choose from, two names that disagree. */
export function validateCharacters(inputs: PlainInputs): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const least = CLASSES.map((each) => Number(inputs[each.least] ?? 0)).reduce((sum, each) => sum + each, 0);
  if (typeof inputs.length === "number" && inputs.length < least) {
    failures.push({
      path: ["length"],
      reason: `must be at least the sum of minUpper, minLower, minNumeric and minSpecial (${least}), is ${inputs.length}`,
    });
  }
  if ("number" in inputs && "numeric" in inputs && inputs.number !== inputs.numeric) {
    failures.push({ path: ["number"], reason: "disagrees with numeric; number is deprecated, leave it out" });
  }
  const numeric = inputs.numeric ?? inputs.number ?? true;
  if ([numeric, inputs.special, inputs.upper, inputs.lower].every((allowed) => allowed === false)) {
    failures.push({
      path: ["numeric"],
      reason: "leaves no characters to choose from: one of numeric, special, upper and lower must be true",
    });
  }
  return failures;
}

/** A string of the length asked for, with the minimums kept. The inputs are settled ones. */
export function drawCharacters(inputs: PlainInputs, dice: Dice = unpredictable): string {
  const draw = (alphabet: readonly string[], count: number) =>
    Array.from({ length: count }, () => alphabet[dice(alphabet.length)] ?? "");
  const demanded = CLASSES.flatMap((each) => draw([...each.characters(inputs)], Number(inputs[each.least])));
  const allowed = CLASSES.filter((each) => inputs[each.allow] === true).flatMap((each) => [
    ...each.characters(inputs),
  ]);
  return shuffle([...demanded, ...draw(allowed, Number(inputs.length) - demanded.length)], dice).join("");
}

/** The inputs of a string that was not drawn here: the vendor assumes that all classes were allowed, and counts bytes. */
export function importedCharacters(text: string): Imported["inputs"] {
  const allowed = ["lower", "number", "numeric", "special", "upper"].map((name) => [name, true] as const);
  return { length: Buffer.byteLength(text), ...Object.fromEntries(allowed) };
}
