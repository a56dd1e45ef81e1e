import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import {
  hasSecret,
  type PlainValue,
  type PropertyMap,
  type PropertyValue,
  reveal,
  Secret,
  unwrap,
} from "../../kit/index.ts";
import { DEFAULTS_KEY } from "./check.ts";
import { type Field, type Fields, wireName } from "./fields.ts";

/** A JSON object: properties without markers, or a document of the API. */
export type PlainMap = { [name: string]: PlainValue };

/** Whether a value is a JSON object. */
export function isPlainMap(value: PlainValue | undefined): value is PlainMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Properties without markers and without the bridge's bookkeeping, for requests. */
export function revealInputs(inputs: PropertyMap): PlainMap {
  const strip = (value: PlainValue): PlainValue => {
    if (Array.isArray(value)) return value.map(strip);
    return isPlainMap(value) ? stripMap(value) : value;
  };
  const stripMap = (map: PlainMap): PlainMap =>
    Object.fromEntries(
      Object.entries(map)
        .filter(([name]) => name !== DEFAULTS_KEY)
        .map(([name, value]) => [name, strip(value)]),
    );
  return stripMap(Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, reveal(value)])));
}

/** Inputs as the API's body says them: renamed, at every depth. */
export function toWire(fields: Fields, inputs: PlainMap): PlainMap {
  const body: PlainMap = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = inputs[name];
    const wire = wireName(name, field);
    if (value !== undefined && wire !== null) body[wire] = valueToWire(field, value);
  }
  return body;
}

function valueToWire(field: Field, value: PlainValue): PlainValue {
  if (field.kind === "list" && Array.isArray(value))
    return value.map((item) => valueToWire(field.item, item));
  if (field.kind === "object" && isPlainMap(value)) return toWire(field.fields, value);
  return value;
}

/** An API document as properties: renamed, in the fields' types, without what no field names. */
export function fromWire(fields: Fields, document: PlainMap): PlainMap {
  const properties: PlainMap = {};
  for (const [name, field] of Object.entries(fields)) {
    const wire = wireName(name, field);
    if (wire === null) continue;
    const value = document[wire] ?? undefined;
    if (value !== undefined) properties[name] = valueFromWire(field, value);
    else if (field.zero) properties[name] = emptyValue(field);
  }
  return properties;
}

function emptyValue(field: Field): PlainValue {
  switch (field.kind) {
    case "string":
      return "";
    case "integer":
    case "number":
      return 0;
    case "boolean":
      return false;
    case "list":
      return [];
    default:
      return {};
  }
}

function valueFromWire(field: Field, value: PlainValue): PlainValue {
  switch (field.kind) {
    case "string":
      // Regions and sizes are objects in answers and slugs in requests.
      return isPlainMap(value) ? String(value.slug ?? value.id ?? "") : String(value);
    case "integer":
    case "number":
      return typeof value === "string" ? Number(value) : value;
    case "list":
      return Array.isArray(value) ? value.map((item) => valueFromWire(field.item, item)) : [];
    case "object":
      return isPlainMap(value) ? fromWire(field.fields, value) : value;
    default:
      return value;
  }
}

/**
 * The resource's outputs: what the API says, and where it says nothing what the program said. Sets are put into the
 * program's order; what is secret, by the field or by the program, is wrapped. Where neither says anything, the state
 * is as Terraform leaves it: a secret of nothing, no blocks, and no list that nobody asked for.
 */
export function outputsOf(
  inputFields: Fields,
  outputFields: Fields,
  document: PlainMap,
  inputs: PropertyMap,
): PropertyMap {
  const fields = { ...inputFields, ...outputFields };
  const plainInputs = revealInputs(inputs);
  const told = fromWire(fields, document);
  const outputs: PropertyMap = {};
  for (const [name, field] of Object.entries(fields)) {
    const said = plainInputs[name];
    const value = outputValue(field, told[name], said);
    if (value === undefined || (said === undefined && isUnasked(inputFields[name], value))) {
      if (field.secret) outputs[name] = new Secret(null);
      else if (isBlockList(inputFields[name])) outputs[name] = [];
    } else outputs[name] = field.secret || hasSecret(inputs[name]) ? new Secret(value) : value;
  }
  return outputs;
}

/** Whether a value is an empty list or map of plain values that the program could have set and did not. */
function isUnasked(field: Field | undefined, value: PlainValue): boolean {
  if (field === undefined || field.computed || isBlockList(field)) return false;
  if (field.kind === "list") return isEmpty(value);
  return field.kind === "map" && isPlainMap(value) && Object.keys(value).length === 0;
}

/** Terraform has blocks for lists of objects that are the program's alone, and a block is never null. */
function isBlockList(field: Field | undefined): boolean {
  return field?.kind === "list" && field.item.kind === "object" && !field.computed;
}

function outputValue(
  field: Field,
  told: PlainValue | undefined,
  said: PlainValue | undefined,
): PlainValue | undefined {
  if (field.kind === "string" && field.hashed && typeof said === "string") {
    return createHash("sha1").update(said).digest("hex");
  }
  return told === undefined ? said : align(field, told, said);
}

/** What the API says in the order of what the program said, with what only the program knows (write-only parts). */
function align(field: Field, told: PlainValue, said: PlainValue | undefined): PlainValue {
  if (field.kind === "object" && isPlainMap(told) && isPlainMap(said)) {
    const parts: PlainMap = {};
    for (const [name, part] of Object.entries(field.fields)) {
      const value = outputValue(part, told[name], said[name]);
      if (value !== undefined) parts[name] = value;
    }
    return parts;
  }
  if (said !== undefined && field.same?.(told, said)) return said;
  if (field.kind !== "list" || !Array.isArray(told) || !Array.isArray(said)) return told;
  const { item } = field;
  if (!field.unordered) return told.map((value, index) => align(item, value, said[index]));
  const left = [...told];
  const matched = said.flatMap((wanted) => {
    const index = left.findIndex((candidate) => covers(item, candidate, wanted));
    return index < 0 ? [] : left.splice(index, 1).map((value) => align(item, value, wanted));
  });
  return [...matched, ...left];
}

/** Whether what the API tells is what the program said, apart from what the program left to the API. */
function covers(field: Field, told: PlainValue | undefined, said: PlainValue): boolean {
  if (told === undefined) return isEmpty(said);
  if (field.kind === "object" && isPlainMap(told) && isPlainMap(said)) {
    return Object.entries(field.fields).every(([name, part]) => {
      const wanted = said[name];
      return wanted === undefined || wireName(name, part) === null || covers(part, told[name], wanted);
    });
  }
  if (field.kind === "list" && Array.isArray(told) && Array.isArray(said)) {
    return (
      told.length === said.length &&
      said.every((wanted) => told.some((one) => covers(field.item, one, wanted)))
    );
  }
  return isDeepStrictEqual(told, said);
}

function isEmpty(value: PlainValue): boolean {
  return value === "" || value === false || value === 0 || (Array.isArray(value) && value.length === 0);
}

/**
 * The inputs that a read leads to: what the program said before, with the values that are there now. Without a program
 * (an import), whatever is there and is not the default or empty.
 */
export function inputsOf(
  fields: Fields,
  outputs: PropertyMap,
  previous: PropertyMap | undefined,
): PropertyMap {
  const inputs: PropertyMap = {};
  const defaults = previous?.[DEFAULTS_KEY];
  inputs[DEFAULTS_KEY] = defaults ?? [];
  for (const [name, field] of Object.entries(fields)) {
    const now = saidOf(outputs[name]);
    const before = previous?.[name];
    if (previous !== undefined && before === undefined) continue;
    if (isWriteOnly(name, field)) {
      if (before !== undefined) inputs[name] = before;
    } else if (now !== undefined && (before !== undefined || isWorthSaying(field, plain(now)))) {
      inputs[name] = rewrap(
        projected(field, plain(now), before === undefined ? undefined : plain(before)),
        now,
        before,
      );
    } else if (before !== undefined && field.required) inputs[name] = before;
  }
  return inputs;
}

/** An output that says something: a secret of nothing does not. */
const saidOf = (output: PropertyValue | undefined): PropertyValue | undefined =>
  unwrap(output) === null ? undefined : output;

function isWriteOnly(name: string, field: Field): boolean {
  return wireName(name, field) === null || (field.kind === "string" && field.hashed === true);
}

const plain = (value: PropertyValue): PlainValue => reveal(value);

/** What a program would have to say to get this value: not what is there when it says nothing. */
function isWorthSaying(field: Field, value: PlainValue): boolean {
  if (field.default !== undefined) return true;
  return !isEmpty(value) && !(isPlainMap(value) && Object.keys(value).length === 0);
}

function rewrap(value: PlainValue, now: PropertyValue, before: PropertyValue | undefined): PropertyValue {
  return now instanceof Secret || hasSecret(before) ? new Secret(value) : value;
}

/** What is there now, cut down to what the program had said: parts that the cloud added are no inputs. */
function projected(field: Field, now: PlainValue, before: PlainValue | undefined): PlainValue {
  if (field.kind === "list" && Array.isArray(now)) {
    const said = Array.isArray(before) ? before : [];
    return now.map((item, index) => projected(field.item, item, said[index]));
  }
  if (field.kind !== "object" || !isPlainMap(now)) return now;
  const said = isPlainMap(before) ? before : undefined;
  const parts: PlainMap = {};
  if (said?.[DEFAULTS_KEY] !== undefined) parts[DEFAULTS_KEY] = said[DEFAULTS_KEY];
  for (const [name, part] of Object.entries(field.fields)) {
    const value = now[name];
    const settable =
      said === undefined
        ? value !== undefined && !part.computed && isWorthSaying(part, value)
        : said[name] !== undefined;
    if (settable && value !== undefined) parts[name] = projected(part, value, said?.[name]);
  }
  return parts;
}
