import type { CheckFailure } from "../kit/errors.ts";
import type { PlainValue, PropertyMap } from "../kit/values.ts";

/** What an input may hold. `map` is names to strings, `strings` a list of them. */
export type InputKind = "string" | "integer" | "boolean" | "map" | "strings";

/** One input of a type: its kind, and what the vendor's plugin does when it is left out or changes. */
export interface InputRule {
  readonly kind: InputKind;
  /** Default: false. */
  readonly required?: boolean;
  /** The least an integer may be. Default: no bound. */
  readonly minimum?: number;
  /** What an output of the same name holds when the input is left out. Default: the output is left out as well. */
  readonly default?: string | number | boolean;
  /**
   * Whether a change from one value to another takes a new resource. Default: every change does. Undefined stands for
   * an input that is left out.
   */
  readonly replaces?: (before: PlainValue | undefined, after: PlainValue | undefined) => boolean;
  /** What to use in its place; the input itself goes on working. */
  readonly deprecation?: string;
}

/** Inputs as plain values: a random resource makes nothing before all of them are known. */
export type PlainInputs = Readonly<Record<string, PlainValue>>;

/** What came out of the dice. Values that are secret are wrapped by the provider, as `secretOutputs` says. */
export interface Generated {
  readonly id: string;
  /** Outputs beyond those that repeat an input. */
  readonly outputs: PropertyMap;
}

/** An existing value brought in by its import id. */
export interface Imported extends Generated {
  /** The inputs that would have led to it. */
  readonly inputs: PlainInputs;
}

/** One resource type of the package. Add a type by adding a file to `types/` and naming it in `types/index.ts`. */
export interface RandomType {
  /** `random:index/randomPet:RandomPet`. */
  readonly token: string;
  readonly inputs: Readonly<Record<string, InputRule>>;
  /** Outputs that no input sets. */
  readonly generatedOutputs: readonly string[];
  /** Those of them that are secret. Default: none. */
  readonly secretOutputs?: readonly string[];
  /** Faults that one input alone does not show. Inputs that are not known yet are left out. Default: none. */
  readonly validate?: (inputs: PlainInputs) => readonly CheckFailure[];
  /** Outputs that depend on several inputs; given and returned with defaults in place. Default: as given. */
  readonly settle?: (inputs: PlainInputs, given: PlainInputs) => PlainInputs;
  generate(inputs: PlainInputs): Promise<Generated> | Generated;
  /** Throws `ProviderError` when the id is not of the type's form. Default: the type cannot be imported. */
  readonly import?: (id: string) => Promise<Imported> | Imported;
}

/**
 * The vendor's rule for `keepers`: any change of a value, a key that goes or one that comes makes a new resource; a map
 * without entries is the same as none.
 */
export const KEEPERS: InputRule = {
  kind: "map",
  replaces: (before, after) => entryText(before) !== entryText(after),
};

function entryText(map: PlainValue | undefined): string {
  if (map === undefined || map === null || typeof map !== "object") return "[]";
  return JSON.stringify(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
