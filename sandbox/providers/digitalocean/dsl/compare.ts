import {
  diffProperties,
  isPropertyMap,
  type PropertyChange,
  type PropertyMap,
  type PropertyPath,
  type PropertyValue,
  Secret,
  Unknown,
  unwrap,
} from "../../kit/index.ts";
import { DEFAULTS_KEY } from "./defaults.ts";
import { type Fields, fieldAt, meansTheSame } from "./fields.ts";
import type { ResourceDefinition } from "./resource.ts";

/**
 * What differs between two sets of checked inputs for the cloud: order in sets, values that mean the same and choices
 * handed back to the cloud do not count.
 */
export function compareInputs(fields: Fields, olds: PropertyMap, news: PropertyMap): PropertyChange[] {
  const before = withoutDefaults(olds);
  const after = withoutDefaults(news);
  return diffProperties(before, after, { unordered: (path) => isSet(fields, path) }).filter((change) => {
    const field = fieldAt(fields, change.path);
    if (change.kind === "delete" && field?.computed) return false;
    return !sameAt(fields, change.path, before, after);
  });
}

/** Whether a change at the path makes a new resource: it says so, or something around it does. */
export function replacesAt(fields: Fields, path: PropertyPath): boolean {
  return path.some((_, depth) => fieldAt(fields, path.slice(0, depth + 1))?.replaces === true);
}

/** What the changes mean whose values decide: which properties replace, and which changes cannot be had at all. */
export function judgeTransitions(
  { noun, transitions = {} }: ResourceDefinition,
  olds: PropertyMap,
  news: PropertyMap,
): { readonly replacing: ReadonlySet<string>; readonly refusals: readonly string[] } {
  const replacing = new Set<string>();
  const refusals: string[] = [];
  for (const [property, transition] of Object.entries(transitions)) {
    const before = unwrap(olds[property]);
    const after = unwrap(news[property]);
    if (!isScalar(before) || !isScalar(after) || before === after) continue;
    const verdict = transition(before, after);
    if (verdict === "replaces") replacing.add(property);
    else if (verdict !== undefined) refusals.push(`${property} of ${noun}: ${verdict.refused}`);
  }
  return { replacing, refusals };
}

function isSet(fields: Fields, path: PropertyPath): boolean {
  const field = fieldAt(fields, path);
  return field?.kind === "list" && field.unordered;
}

function sameAt(fields: Fields, path: PropertyPath, olds: PropertyMap, news: PropertyMap): boolean {
  const field = fieldAt(fields, path);
  const before = valueAt(olds, path);
  const after = valueAt(news, path);
  if (field === undefined || !isScalar(before) || !isScalar(after)) return false;
  return meansTheSame(field, before, after);
}

function isScalar(value: PropertyValue | undefined): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function valueAt(properties: PropertyMap, path: PropertyPath): PropertyValue | undefined {
  return path.reduce<PropertyValue | undefined>((value, step) => {
    const part = unwrap(value);
    if (typeof step === "number") return Array.isArray(part) ? unwrap(part[step]) : undefined;
    return isPropertyMap(part) ? unwrap(part[step]) : undefined;
  }, properties);
}

function withoutDefaults(properties: PropertyMap): PropertyMap {
  const strip = (value: PropertyValue): PropertyValue => {
    if (value instanceof Secret) return new Secret(strip(value.value));
    if (value instanceof Unknown) return value;
    if (Array.isArray(value)) return value.map(strip);
    return isPropertyMap(value) ? withoutDefaults(value) : value;
  };
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => name !== DEFAULTS_KEY)
      .map(([name, value]) => [name, strip(value)]),
  );
}
