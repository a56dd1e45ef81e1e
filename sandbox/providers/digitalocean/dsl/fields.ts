import type { PlainValue } from "../../kit/index.ts";

/** What is wrong with a known value, and what to do; undefined when nothing is. */
export type Rule = (value: PlainValue) => string | undefined;

/** What the cloud offers a choice of; whether a value is among it, its API says at check time. */
export type Offer = "regions" | "droplet sizes" | "kubernetes versions";

/** What holds for properties of every type. */
export interface FieldOptions {
  /** The program must say it. Default: false. */
  readonly required?: boolean;
  /** The cloud chooses when the program does not: leaving it out changes nothing. Default: false. */
  readonly computed?: boolean;
  /** A change makes a new resource. Default: false. */
  readonly replaces?: boolean;
  /** Encrypted in the state. Default: false. */
  readonly secret?: boolean;
  /** What the API calls it; null when the API never says it. Default: the name in snake case. */
  readonly wire?: string | null;
  /**
   * The state holds the type's empty value where the API tells none: what the vendor's plugin reads into a plain Go
   * value. Default: the property is not there.
   */
  readonly zero?: boolean;
  /** What leaving it out means. Default: nothing. */
  readonly default?: PlainValue;
  /** Not to be said any more. Default: false. */
  readonly deprecated?: boolean;
  /** Further rules, in order. Default: none. */
  readonly rules?: readonly Rule[];
  /** Whether two values mean the same to the cloud. Default: only equal ones do. */
  readonly same?: (one: PlainValue, other: PlainValue) => boolean;
}

/** What holds for text. */
export interface StringOptions extends FieldOptions {
  readonly oneOf?: readonly string[];
  readonly pattern?: readonly [RegExp, string];
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Made up from the logical name when left out. Default: false. */
  readonly autoname?: boolean;
  /** Must be among what the API offers. */
  readonly offer?: Offer;
  /** The state holds the SHA-1 of the value as an output, as the vendor's does. Default: false. */
  readonly hashed?: boolean;
}

/** What holds for numbers: inclusive bounds. */
export interface NumberOptions extends FieldOptions {
  readonly min?: number;
  readonly max?: number;
  /** The state holds what the vendor's plugin reads with 32 bits: 0.1 is 0.10000000149011612. Default: false. */
  readonly single?: boolean;
}

/** What holds for lists: inclusive bounds of the length. */
export interface ListOptions extends FieldOptions {
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** The properties of a resource or of an object within one, by name. */
export interface Fields {
  readonly [name: string]: Field;
}

/** A property: its type and what holds for it. Make one with {@link string}, {@link integer}, ... */
export type Field =
  | ({ readonly kind: "string" } & StringOptions)
  | ({ readonly kind: "integer" | "number" } & NumberOptions)
  | ({ readonly kind: "boolean" } & FieldOptions)
  | ({ readonly kind: "list"; readonly item: Field; readonly unordered: boolean } & ListOptions)
  | ({ readonly kind: "map"; readonly item: Field } & FieldOptions)
  | ({ readonly kind: "object"; readonly fields: Fields } & FieldOptions);

/** Text. */
export const string = (options: StringOptions = {}): Field => ({ kind: "string", ...options });

/** A whole number. */
export const integer = (options: NumberOptions = {}): Field => ({ kind: "integer", ...options });

/** Any number. */
export const number = (options: NumberOptions = {}): Field => ({ kind: "number", ...options });

/** True or false. */
export const boolean = (options: FieldOptions = {}): Field => ({ kind: "boolean", ...options });

/** A list in which order counts. */
export const list = (item: Field, options: ListOptions = {}): Field => ({
  kind: "list",
  item,
  unordered: false,
  ...options,
});

/** A list in which order means nothing. */
export const set = (item: Field, options: ListOptions = {}): Field => ({
  kind: "list",
  item,
  unordered: true,
  ...options,
});

/** An object with names of the user's own. */
export const map = (item: Field, options: FieldOptions = {}): Field => ({ kind: "map", item, ...options });

/** An object with properties of its own. */
export const object = (fields: Fields, options: FieldOptions = {}): Field => ({
  kind: "object",
  fields,
  ...options,
});

/** The resource's name in the cloud: made up from the logical name when the program leaves it out. */
export const name = (options: StringOptions = {}): Field =>
  string({ autoname: true, minLength: 1, maxLength: 255, ...options });

/** Labels by which resources are found and grouped. */
export const tags = (options: ListOptions = {}): Field =>
  set(
    string({
      maxLength: 255,
      pattern: [/^[\w:-]+$/, "a tag holds letters, digits, colons, dashes and underscores only"],
    }),
    options,
  );

/** `vpcUuid` -> `vpc_uuid`, `ipv4Address` -> `ipv4_address`. */
export const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What the API calls a property. */
export function wireName(name: string, field: Field): string | null {
  return field.wire === undefined ? snakeCase(name) : field.wire;
}

/** Whether two values mean the same to the cloud, though they differ. */
export function meansTheSame(field: Field, one: PlainValue, other: PlainValue): boolean {
  if (field.kind === "number" && field.single) return Math.fround(Number(one)) === Math.fround(Number(other));
  return field.same?.(one, other) ?? false;
}

/** The field at a path of names and indexes; undefined where there is none. */
export function fieldAt(fields: Fields, path: readonly (string | number)[]): Field | undefined {
  const [first, ...rest] = path;
  const start = typeof first === "string" ? fields[first] : undefined;
  return rest.reduce<Field | undefined>((field, step) => {
    if (field?.kind === "object") return typeof step === "string" ? field.fields[step] : undefined;
    if (field?.kind === "list") return typeof step === "number" ? field.item : undefined;
    return field?.kind === "map" ? field.item : undefined;
  }, start);
}
