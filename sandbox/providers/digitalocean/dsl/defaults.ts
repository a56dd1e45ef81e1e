import {
  isPropertyMap,
  type PlainValue,
  type PropertyMap,
  type PropertyValue,
  Secret,
  unwrap,
} from "../../kit/index.ts";
import type { Field, Fields } from "./fields.ts";

/** The property in which the vendor's bridge remembers which others it filled in, at each level. */
export const DEFAULTS_KEY = "__defaults";

/**
 * What the check fills in where the program says nothing, as the vendor's bridge does: the default that it filled in
 * before, else the field's own. A default that is false, zero or empty it leaves to what it bridges to, and it knows
 * none of what is deprecated.
 *
 * @param before The checked inputs of the last time, on the same level.
 */
export function filledIn(name: string, field: Field, before: PropertyMap): PropertyValue | undefined {
  if (field.default === undefined || field.deprecated) return undefined;
  const recorded = before[name] ?? undefined;
  if (recorded !== undefined && filledInBefore(before).includes(name)) return recorded;
  return field.default ? field.default : undefined;
}

/** The names of the properties that the program left to their defaults, on this level. */
export function filledInBefore(inputs: PropertyMap | undefined): string[] {
  const names = inputs?.[DEFAULTS_KEY];
  return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
}

/**
 * The inputs with what their absence means, at every depth: the default, or, for the inputs of a resource that is
 * there, what its state says.
 */
export function withDefaults(fields: Fields, inputs: PropertyMap, state: PropertyMap = {}): PropertyMap {
  const complete = { ...inputs };
  for (const [name, field] of Object.entries(fields)) {
    const value = inputs[name] ?? undefined;
    if (value !== undefined) complete[name] = completed(field, value, unwrap(state[name]));
    else if (field.default !== undefined) complete[name] = unwrap(state[name]) ?? field.default;
  }
  return complete;
}

function completed(field: Field, value: PropertyValue, state: PropertyValue | undefined): PropertyValue {
  if (value instanceof Secret) return new Secret(completed(field, value.value, state));
  if (field.kind === "object" && isPropertyMap(value)) {
    return withDefaults(field.fields, value, isPropertyMap(state) ? state : {});
  }
  // Which entry of the state is which of the inputs, nobody knows.
  if (field.kind === "list" && Array.isArray(value)) {
    return value.map((item) => completed(field.item, item, undefined));
  }
  return value;
}

/** Whether a value is what the program would get without saying it. */
export function isDefault(field: Field, value: PlainValue): boolean {
  if (field.default !== undefined) return value === field.default;
  return isNothing(value);
}

/** False, zero, or empty. */
export function isNothing(value: PlainValue): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return !value;
}
