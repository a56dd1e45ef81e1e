import { diffProperties, type PropertyChange } from "../kit/diff.ts";
import { isUnder, type PropertyPath, parseIgnorePath } from "../kit/path.ts";
import type { DiffResult } from "../kit/provider.ts";
import {
  isPropertyMap,
  type PlainValue,
  type PropertyMap,
  type PropertyValue,
  Unknown,
} from "../kit/values.ts";
import { fromOutputs, isZero, pruneToInputs, toPlainObject } from "./checkpoint.ts";
import { isAnnotated } from "./objects/annotations.ts";
import { nameOf, namespaceOf, type PlainMap } from "./objects/object.ts";
import type { ObjectKind } from "./objects/type-token.ts";
import { type MutableOptions, replaceRule } from "./replace-rules.ts";

/**
 * What a change of inputs means for an object: the inputs wanted against the object as it was last seen, as far as the old
 * inputs spoke of it. Server-filled fields are nobody's change.
 */
export function diffObject(
  kind: ObjectKind,
  oldOutputs: PropertyMap,
  newInputs: PropertyMap,
  ignoreChanges: readonly string[],
  options: MutableOptions,
): DiffResult {
  const { live, inputs } = fromOutputs(oldOutputs);
  const wanted = toPlainObject(newInputs);
  const before = pruneToInputs(live, toPlainObject(inputs));
  const replaces = replaceRule(kind, wanted, options);
  const ignored = ignoreChanges.map(parseIgnorePath);
  const changes = diffProperties(withName(before, live, wanted), wanted)
    .filter((change) => !isMeaningless(change, { before, live, wanted }))
    .filter((change) => !ignored.some((path) => isUnder(change.path, path)))
    .map((change) => ({ ...change, replace: replaces(change.path, plainAt(wanted, change.path)) }));
  return {
    changed: changes.length > 0,
    properties: changes,
    deleteBeforeReplace: changes.some((change) => change.replace) && keepsIdentity(live, wanted),
    stables: [],
  };
}

/** A name that the program now spells out, and that the object has already, is no change. */
function withName(before: PlainMap, live: PlainMap, wanted: PropertyMap): PropertyMap {
  const metadata = wanted.metadata;
  if (!isPropertyMap(metadata) || metadata.name === undefined) return before;
  const old = isPropertyMap(before.metadata) ? before.metadata : {};
  return { ...before, metadata: { ...old, name: nameOf(live) } };
}

/** A field that means nothing comes or goes, and the server keeps no value for it: the object is the same without it. */
function isMeaningless(
  change: PropertyChange,
  { before, live, wanted }: { before: PlainMap; live: PlainMap; wanted: PropertyMap },
): boolean {
  if (change.kind === "update" || valueAtPath(live, change.path) !== undefined) return false;
  return isZero(valueAtPath(change.kind === "add" ? wanted : before, change.path) ?? null);
}

/** Old and new cannot both be there when they have the same name, and the provider is not free to make up another. */
function keepsIdentity(live: PlainMap, wanted: PlainMap): boolean {
  const metadata = wanted.metadata;
  const nameIsUnknown = isPropertyMap(metadata) && metadata.name instanceof Unknown;
  return (
    !nameIsUnknown &&
    !isAnnotated(wanted, "autonamed") &&
    nameOf(wanted) === nameOf(live) &&
    namespaceOf(wanted) === namespaceOf(live)
  );
}

function valueAtPath(value: PropertyValue | undefined, path: PropertyPath): PropertyValue | undefined {
  return path.reduce<PropertyValue | undefined>((part, step) => {
    if (typeof step === "number") return Array.isArray(part) ? part[step] : undefined;
    return isPropertyMap(part) ? part[step] : undefined;
  }, value);
}

function plainAt(value: PropertyMap, path: PropertyPath): PlainValue | undefined {
  const found = valueAtPath(value, path);
  return found === undefined || found instanceof Unknown ? undefined : (found as PlainValue);
}
