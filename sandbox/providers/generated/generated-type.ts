import type { CheckFailure } from "../kit/errors.ts";
import type { PlainValue, PropertyMap } from "../kit/values.ts";

/** What an input may hold. `map` is names to strings, `strings` a list of strings, `object` anything with names. */
export type InputKind = "string" | "integer" | "boolean" | "map" | "strings" | "object";

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

/** Inputs as plain values: nothing is made before all of them are known. */
export type PlainInputs = Readonly<Record<string, PlainValue>>;

/** What was made. Values that are secret are wrapped by the provider, as `secretOutputs` says. */
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

/**
 * One resource type of a package whose resources are values: made once, kept in the state, and nowhere else. Add a type by
 * adding a file to the package's `types/` and naming it in `types/index.ts`.
 */
export interface GeneratedType {
  /** E.g. `random:index/randomPet:RandomPet`. */
  readonly token: string;
  readonly inputs: Readonly<Record<string, InputRule>>;
  /** Outputs that no input sets. */
  readonly generatedOutputs: readonly string[];
  /** Outputs that are secret, whether an input sets them or not. Default: none. */
  readonly secretOutputs?: readonly string[];
  /** Faults that one input alone does not show. Inputs that are not known yet are left out. Default: none. */
  readonly validate?: (inputs: PlainInputs) => readonly CheckFailure[];
  /** Outputs that depend on several inputs; given and returned with defaults in place. Default: as given. */
  readonly settle?: (inputs: PlainInputs, given: PlainInputs) => PlainInputs;
  /** Output by which it tells that it is worn out and has to be made anew, though no input changed. Default: it never is. */
  readonly wornOut?: {
    readonly output: string;
    isWornOut(outputs: PlainInputs, inputs: PlainInputs): boolean;
  };
  generate(inputs: PlainInputs): Promise<Generated> | Generated;
  /** Throws `ProviderError` when the id is not of the type's form. Default: the type cannot be imported. */
  readonly import?: (id: string) => Promise<Imported> | Imported;
}
