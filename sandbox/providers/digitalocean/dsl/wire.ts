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
import { DEFAULTS_KEY, filledInBefore, isDefault, isNothing } from "./defaults.ts";
import { type Field, type Fields, meansTheSame, wireName } from "./fields.ts";
import { inStateOrder } from "./order.ts";

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
      return Number(value);
    case "number":
      return field.single ? Math.fround(Number(value)) : Number(value);
    case "list":
      return Array.isArray(value) ? value.map((item) => valueFromWire(field.item, item)) : [];
    case "object":
      return isPlainMap(value) ? fromWire(field.fields, value) : value;
    default:
      return value;
  }
}

/**
 * Whether the state is written after the resource was made or changed, when Terraform keeps what was planned where it is
 * as good as what is there, or after it was only read.
 */
export type Moment = "written" | "read";

/**
 * The resource's outputs: what the API says, and where it says nothing what the program said. Sets are put into
 * Terraform's order; what is secret, by the field or by the program, is wrapped. Where neither says anything, the state
 * is as Terraform leaves it: a secret of nothing, no blocks, and no list that nobody asked for, until it is read.
 */
export function outputsOf(
  inputFields: Fields,
  outputFields: Fields,
  document: PlainMap,
  inputs: PropertyMap,
  moment: Moment,
): PropertyMap {
  const fields = { ...inputFields, ...outputFields };
  const plainInputs = revealInputs(inputs);
  const told = fromWire(fields, document);
  const outputs: PropertyMap = {};
  for (const [name, field] of Object.entries(fields)) {
    const said = plainInputs[name];
    const value = outputValue(field, told[name], said, moment);
    if (value === undefined || (name in inputFields && isUnasked(field, value, said, moment))) {
      if (field.secret) outputs[name] = new Secret(null);
      else if (isBlockList(inputFields[name])) outputs[name] = [];
    } else {
      const kept = inStateOrder(field, value);
      outputs[name] = field.secret || hasSecret(inputs[name]) ? new Secret(kept) : kept;
    }
  }
  return outputs;
}

/** Whether what is there is an empty list or map of plain values that the program could have said and did not. */
function isUnasked(field: Field, value: PlainValue, said: PlainValue | undefined, moment: Moment): boolean {
  if (moment === "read" || said !== undefined || field.computed || field.zero) return false;
  return (field.kind === "list" || field.kind === "map") && !isBlockList(field) && isNothing(value);
}

/** Terraform has blocks for lists of objects that are the program's alone, and a block is never null. */
function isBlockList(field: Field | undefined): boolean {
  return field?.kind === "list" && field.item.kind === "object" && !field.computed;
}

function outputValue(
  field: Field,
  told: PlainValue | undefined,
  said: PlainValue | undefined,
  moment: Moment,
): PlainValue | undefined {
  if (field.kind === "string" && field.hashed && typeof said === "string") {
    return createHash("sha1").update(said).digest("hex");
  }
  return told === undefined ? said : align(field, told, said, moment);
}

/** What the API says, with what only the program knows (write-only parts). */
function align(field: Field, told: PlainValue, said: PlainValue | undefined, moment: Moment): PlainValue {
  if (field.kind === "object" && isPlainMap(told) && isPlainMap(said)) {
    const parts: PlainMap = {};
    for (const [name, part] of Object.entries(field.fields)) {
      const value = outputValue(part, told[name], said[name], moment);
      if (value !== undefined && !isUnasked(part, value, said[name], moment)) parts[name] = value;
    }
    return parts;
  }
  if (field.kind !== "list" || !Array.isArray(told) || !Array.isArray(said)) return told;
  return paired(field, told, said).map(([value, wanted]) => align(field.item, value, wanted, moment));
}

/** What is told, each with what the program said of it: by place, or, in sets of objects, in the program's order. */
function paired(
  field: Field & { kind: "list" },
  told: readonly PlainValue[],
  said: readonly PlainValue[],
): [told: PlainValue, said: PlainValue | undefined][] {
  if (!field.unordered || field.item.kind !== "object") {
    return told.map((value, index) => [value, said[index]]);
  }
  const left = [...told];
  const matched = said.flatMap((wanted) => {
    const index = left.findIndex((candidate) => covers(field.item, candidate, wanted));
    return left.splice(index, index < 0 ? 0 : 1).map((value): [PlainValue, PlainValue] => [value, wanted]);
  });
  return [...matched, ...left.map((value): [PlainValue, undefined] => [value, undefined])];
}

/** Whether what the API tells is what the program said, apart from what the program left to the API. */
function covers(field: Field, told: PlainValue | undefined, said: PlainValue): boolean {
  if (told === undefined) return isNothing(said);
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
  for (const [name, field] of Object.entries(fields)) {
    const before = previous?.[name];
    if (previous !== undefined && before === undefined) continue;
    const input = isWriteOnly(name, field) ? before : inputOf(field, saidOf(outputs[name]), before);
    if (input !== undefined) inputs[name] = input;
  }
  return { [DEFAULTS_KEY]: stillFilledIn(previous, inputs), ...inputs };
}

/** What is there now as a program would say it; undefined where it would not. */
function inputOf(
  field: Field,
  now: PropertyValue | undefined,
  before: PropertyValue | undefined,
): PropertyValue | undefined {
  if (now === undefined) return field.required ? before : undefined;
  const value = projected(field, reveal(now), before === undefined ? undefined : reveal(before));
  if (before === undefined && !isWorthSaying(field, value)) return undefined;
  return now instanceof Secret || hasSecret(before) ? new Secret(value) : value;
}

/** The properties that have kept what was filled in: what has changed since is to be filled in anew. */
function stillFilledIn(previous: PropertyMap | undefined, now: PropertyMap): string[] {
  return filledInBefore(previous).filter((name) => isDeepStrictEqual(previous?.[name], now[name]));
}

/** An output that says something: a secret of nothing does not. */
const saidOf = (output: PropertyValue | undefined): PropertyValue | undefined =>
  unwrap(output) === null ? undefined : output;

function isWriteOnly(name: string, field: Field): boolean {
  return wireName(name, field) === null || (field.kind === "string" && field.hashed === true);
}

/** What a program would have to say to get this value: not what is there when it says nothing. */
const isWorthSaying = (field: Field, value: PlainValue): boolean =>
  field.required === true || !isDefault(field, value);

/** What is there now, cut down to what the program had said: parts that the cloud added are no inputs. */
function projected(field: Field, now: PlainValue, before: PlainValue | undefined): PlainValue {
  if (field.kind === "list" && Array.isArray(now)) {
    const said = Array.isArray(before) ? before : [];
    return paired(field, now, said).map(([item, wanted]) => projected(field.item, item, wanted));
  }
  if (before !== undefined && meansTheSame(field, now, before)) return before;
  if (field.kind !== "object" || !isPlainMap(now)) return now;
  const said = isPlainMap(before) ? before : undefined;
  const parts: PlainMap = {};
  for (const [name, part] of Object.entries(field.fields)) {
    const value = now[name];
    if (value === undefined || (said === undefined ? part.computed : said[name] === undefined)) continue;
    const kept = projected(part, value, said?.[name]);
    if (said !== undefined || isWorthSaying(part, kept)) parts[name] = kept;
  }
  return said?.[DEFAULTS_KEY] === undefined
    ? parts
    : { [DEFAULTS_KEY]: stillFilledIn(said, parts), ...parts };
}
