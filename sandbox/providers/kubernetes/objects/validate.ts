import { closest } from "../../../closest.ts";
import type { CheckFailure } from "../../kit/errors.ts";
import type { PropertyPath } from "../../kit/path.ts";
import { isPropertyMap, type PropertyMap, type PropertyValue, Unknown } from "../../kit/values.ts";
import {
  fieldNames,
  type GroupSchema,
  isIntOrString,
  isQuantityNode,
  requiredFields,
  type SchemaNode,
} from "../cluster/schema.ts";
import { isQuantity } from "./quantity.ts";

/** Fields that the server fills in and that nobody is asked for, whatever the description says. */
const NEVER_REQUIRED: ReadonlySet<string> = new Set(["status"]);

/**
 * Everything in which an object differs from its kind's description: misspelt fields, wrong types, missing fields, values
 * outside of an enumeration or a range. What is not known yet is not judged. `object` comes without secrets' wrappers.
 */
export function validateObject(schema: GroupSchema, root: SchemaNode, object: PropertyMap): CheckFailure[] {
  return checkMap(schema, root, [], object);
}

function checkValue(
  schema: GroupSchema,
  node: SchemaNode,
  path: PropertyPath,
  value: PropertyValue,
): CheckFailure[] {
  if (value === null || value instanceof Unknown) return [];
  if (isQuantityNode(node)) return checkQuantity(path, value);
  if (isIntOrString(node)) {
    return typeof value === "string" || Number.isInteger(value)
      ? []
      : [mismatch(path, "a whole number or a string", value)];
  }
  const type = node.body.type;
  if (type === "array") {
    if (!Array.isArray(value)) return [mismatch(path, "a list", value)];
    const member = schema.member(node);
    return value.flatMap((each, index) => checkValue(schema, member, [...path, index], each));
  }
  if (type === "object" || node.body.properties !== undefined) {
    return isPropertyMap(value) ? checkMap(schema, node, path, value) : [mismatch(path, "an object", value)];
  }
  return checkScalar(node, path, value);
}

function checkMap(
  schema: GroupSchema,
  node: SchemaNode,
  path: PropertyPath,
  map: PropertyMap,
): CheckFailure[] {
  const missing = requiredFields(node)
    .filter((name) => !NEVER_REQUIRED.has(name) && (map[name] ?? null) === null)
    .map((name) => ({ path: [...path, name], reason: "is required" }));
  const faulty = Object.entries(map).flatMap(([name, value]) => {
    if (value === null) return [];
    const field = schema.field(node, name);
    if (field !== undefined) return checkValue(schema, field, [...path, name], value);
    const meant = closest(name, fieldNames(node));
    const hint =
      meant === undefined ? `it has ${fieldNames(node).sort().join(", ")}` : `did you mean ${meant}?`;
    return [{ path: [...path, name], reason: `is no field of ${shortName(node)}: ${hint}` }];
  });
  return [...missing, ...faulty];
}

const SCALARS: Readonly<Record<string, { noun: string; test: (value: PropertyValue) => boolean }>> = {
  string: { noun: "a string", test: (value) => typeof value === "string" },
  integer: { noun: "a whole number", test: Number.isInteger },
  number: { noun: "a number", test: (value) => typeof value === "number" },
  boolean: { noun: "true or false", test: (value) => typeof value === "boolean" },
};

function checkScalar(node: SchemaNode, path: PropertyPath, value: PropertyValue): CheckFailure[] {
  const type = node.body.type;
  const scalar = typeof type === "string" ? SCALARS[type] : undefined;
  if (scalar !== undefined && !scalar.test(value)) return [mismatch(path, scalar.noun, value)];
  const { enum: allowed, minimum, maximum, pattern } = node.body;
  if (Array.isArray(allowed) && !allowed.includes(value as string)) {
    return [mismatch(path, `one of ${allowed.map((each) => JSON.stringify(each)).join(", ")}`, value)];
  }
  if (typeof minimum === "number" && typeof value === "number" && value < minimum) {
    return [mismatch(path, `at least ${minimum}`, value)];
  }
  if (typeof maximum === "number" && typeof value === "number" && value > maximum) {
    return [mismatch(path, `at most ${maximum}`, value)];
  }
  if (typeof pattern === "string" && typeof value === "string" && !matches(pattern, value)) {
    return [mismatch(path, `of the form ${pattern}`, value)];
  }
  return [];
}

function checkQuantity(path: PropertyPath, value: PropertyValue): CheckFailure[] {
  const sound = (typeof value === "string" || typeof value === "number") && isQuantity(value);
  return sound ? [] : [mismatch(path, 'a quantity such as "500m" or "1Gi"', value)];
}

/** Go's regular expressions are nearly JavaScript's; what JavaScript cannot read is left to the API server. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, "u").test(value);
  } catch {
    return true;
  }
}

function mismatch(path: PropertyPath, wanted: string, value: PropertyValue): CheckFailure {
  return { path, reason: `must be ${wanted}, is ${JSON.stringify(value)}` };
}

/** `DeploymentSpec` of `io.k8s.api.apps.v1.DeploymentSpec`. */
function shortName(node: SchemaNode): string {
  return node.name.split(".").at(-1) || "this object";
}
