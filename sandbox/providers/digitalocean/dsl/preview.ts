import { createHash } from "node:crypto";
import {
  isPropertyMap,
  type PropertyMap,
  type PropertyValue,
  Secret,
  UNKNOWN,
  Unknown,
} from "../../kit/index.ts";
import { DEFAULTS_KEY } from "./defaults.ts";
import type { Field, Fields } from "./fields.ts";

/** The outputs of a resource that does not exist yet: what the program says, and unknowns for what the cloud will say. */
export function previewOutputs(inputFields: Fields, outputFields: Fields, inputs: PropertyMap): PropertyMap {
  const outputs = previewMap(inputFields, inputs);
  for (const [name, field] of Object.entries(outputFields)) {
    outputs[name] = field.secret ? new Secret(UNKNOWN) : UNKNOWN;
  }
  return outputs;
}

function previewMap(fields: Fields, inputs: PropertyMap): PropertyMap {
  const outputs: PropertyMap = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = inputs[name];
    if (value !== undefined) outputs[name] = previewValue(field, value);
    else if (field.computed) outputs[name] = UNKNOWN;
  }
  return outputs;
}

function previewValue(field: Field, value: PropertyValue): PropertyValue {
  if (value instanceof Unknown) return value;
  if (value instanceof Secret) return new Secret(previewValue(field, value.value));
  if (field.kind === "object" && isPropertyMap(value)) return previewMap(field.fields, value);
  if (field.kind === "list" && Array.isArray(value))
    return value.map((item) => previewValue(field.item, item));
  if (field.kind === "string" && field.hashed && typeof value === "string") {
    return createHash("sha1").update(value).digest("hex");
  }
  return value;
}

/** The outputs after a change that was not made yet: as they were, with the changed inputs in place. */
export function previewUpdate(
  inputFields: Fields,
  outputs: PropertyMap,
  news: PropertyMap,
  changed: ReadonlySet<string>,
): PropertyMap {
  const after = { ...outputs };
  for (const name of changed) {
    const field = inputFields[name];
    const value = news[name];
    if (field === undefined || name === DEFAULTS_KEY) continue;
    if (value === undefined) delete after[name];
    else after[name] = previewValue(field, value);
  }
  return after;
}
