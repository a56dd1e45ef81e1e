import {
  type CheckFailure,
  isPropertyMap,
  type PlainValue,
  type PropertyMap,
  type PropertyPath,
  type PropertyValue,
  Secret,
  Unknown,
  unwrap,
} from "../../kit/index.ts";
import { DEFAULTS_KEY, filledIn } from "./defaults.ts";
import type { Field, Fields, Offer } from "./fields.ts";
import { brokenRules, didYouMean } from "./rules.ts";

/** A value that only the API can judge. */
export interface OfferedValue {
  readonly path: PropertyPath;
  readonly offer: Offer;
  readonly value: string;
}

/** Inputs with what is filled in, what is wrong with them, and what remains to be asked of the API. */
export interface CheckedInputs {
  readonly inputs: PropertyMap;
  readonly failures: CheckFailure[];
  readonly offered: OfferedValue[];
}

/**
 * Checks inputs against fields: names, types, requirements and rules, at any depth, all faults at once. Unknown values
 * pass. Types convert as the bridge converts them: `"5"` to 5, `"true"` to true, 5 to `"5"`.
 *
 * @param noun What the resource is called in messages.
 * @param before The checked inputs of the last time: what was filled in then stays. Default: none.
 */
export function checkInputs(
  noun: string,
  fields: Fields,
  inputs: PropertyMap,
  before: PropertyMap = {},
): CheckedInputs {
  const checker = new Checker(noun);
  const checked = checker.map([], fields, inputs, before);
  return { inputs: checked, failures: checker.failures, offered: checker.offered };
}

class Checker {
  readonly failures: CheckFailure[] = [];
  readonly offered: OfferedValue[] = [];
  readonly #noun: string;

  constructor(noun: string) {
    this.#noun = noun;
  }

  map(path: PropertyPath, fields: Fields, inputs: PropertyMap, before: PropertyMap): PropertyMap {
    const known = new Set([...Object.keys(fields), DEFAULTS_KEY]);
    for (const given of Object.keys(inputs)) {
      if (!known.has(given)) {
        this.#fail(
          [...path, given],
          `${this.#noun} has no such property${didYouMean(given, Object.keys(fields))}`,
        );
      }
    }
    const defaults: string[] = [];
    const checked: PropertyMap = {};
    for (const [name, field] of Object.entries(fields)) {
      const value = inputs[name] ?? undefined;
      const filled = value === undefined ? filledIn(name, field, before) : undefined;
      if (value !== undefined)
        checked[name] = this.#secret(field, this.#value([...path, name], field, value, before[name]));
      else if (filled !== undefined) {
        checked[name] = filled;
        defaults.push(name);
      } else if (field.required)
        this.#fail([...path, name], `is required: ${this.#noun} cannot be made without it`);
    }
    return { [DEFAULTS_KEY]: defaults.sort(), ...checked };
  }

  #secret(field: Field, value: PropertyValue): PropertyValue {
    return field.secret ? new Secret(value) : value;
  }

  #value(
    path: PropertyPath,
    field: Field,
    value: PropertyValue,
    before: PropertyValue | undefined,
  ): PropertyValue {
    if (value instanceof Unknown) return value;
    if (value instanceof Secret) return new Secret(this.#value(path, field, value.value, before));
    const checked = this.#typed(path, field, value, unwrap(before));
    if (checked === undefined) {
      this.#fail(path, `must be ${TYPE_NAMES[field.kind]}, but is ${describe(value)}`);
      return value;
    }
    return checked;
  }

  /** The value in the field's type; undefined when it has another. */
  #typed(
    path: PropertyPath,
    field: Field,
    value: PropertyValue,
    before: PropertyValue | undefined,
  ): PropertyValue | undefined {
    if (field.kind === "list") {
      if (!Array.isArray(value)) return undefined;
      this.#rules(
        path,
        field,
        value.map(() => null),
      );
      const items = Array.isArray(before) ? before : [];
      return value.map((item, index) => this.#value([...path, index], field.item, item, items[index]));
    }
    if (field.kind === "map" || field.kind === "object") {
      if (!isPropertyMap(value)) return undefined;
      const parts = isPropertyMap(before) ? before : {};
      if (field.kind === "object") return this.map(path, field.fields, value, parts);
      return Object.fromEntries(
        Object.entries(value).map(([name, item]) => [
          name,
          this.#value([...path, name], field.item, item, parts[name]),
        ]),
      );
    }
    const scalar = toScalar(field.kind, value);
    if (scalar === undefined) return undefined;
    this.#rules(path, field, scalar);
    if (field.kind === "string" && field.offer !== undefined) {
      this.offered.push({ path, offer: field.offer, value: String(scalar) });
    }
    return scalar;
  }

  #rules(path: PropertyPath, field: Field, value: PlainValue): void {
    for (const reason of brokenRules(field, value)) this.#fail(path, reason);
  }

  #fail(path: PropertyPath, reason: string): void {
    this.failures.push({ path, reason });
  }
}

const TYPE_NAMES: Readonly<Record<Field["kind"], string>> = {
  string: "a string",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  list: "a list",
  map: "an object",
  object: "an object",
};

function describe(value: PropertyValue): string {
  if (Array.isArray(value)) return "a list";
  if (isPropertyMap(value)) return "an object";
  return JSON.stringify(value);
}

function toScalar(
  kind: "string" | "integer" | "number" | "boolean",
  value: PropertyValue,
): string | number | boolean | undefined {
  if (kind === "string") {
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : undefined;
  }
  if (kind === "boolean") {
    if (value === "true" || value === "false") return value === "true";
    return typeof value === "boolean" ? value : undefined;
  }
  const parsed = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof parsed !== "number" || !Number.isFinite(parsed)) return undefined;
  return kind === "integer" && !Number.isInteger(parsed) ? undefined : parsed;
}
