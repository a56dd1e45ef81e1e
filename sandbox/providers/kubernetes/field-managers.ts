import { parseIgnorePath } from "../kit/path.ts";
import type { PlainValue } from "../kit/values.ts";
import { isMap, listAt, mapAt, type PlainMap, textAt, valueAt, withValueAt } from "./objects/object.ts";

/** Who writes when an object is made: the vendor's plugin has one name for all of them. */
export const CREATOR = "pulumi-kubernetes";

/** Managers whose fields become ours before the first change: those under which an object may have been made. */
const PREDECESSORS: readonly { readonly manager: string; readonly operation: string }[] = [
  { manager: "kubectl", operation: "Apply" },
  { manager: "kubectl", operation: "Update" },
  { manager: "before-first-apply", operation: "Update" },
  { manager: CREATOR, operation: "Update" },
  { manager: "pulumi-kubernetes.exe", operation: "Update" },
  { manager: "pulumi-resource-kubernetes", operation: "Update" },
];

/** `metadata.managedFields`. */
export function managersOf(object: PlainMap): PlainMap[] {
  return listAt(object, "metadata", "managedFields").map((entry) => mapAt(entry));
}

/**
 * The managers of an object with the predecessors' fields given to `fieldManager`, which then applies them; undefined when
 * there is nothing to give. Without this, a first apply would quarrel with whoever made the object: ourselves.
 */
export function withoutPredecessors(object: PlainMap, fieldManager: string): PlainMap[] | undefined {
  const managers = managersOf(object);
  const isOurs = (entry: PlainMap) =>
    textAt(entry, "manager") === fieldManager && textAt(entry, "operation") === "Apply";
  const isPredecessor = (entry: PlainMap) =>
    textAt(entry, "subresource") === "" &&
    PREDECESSORS.some(
      ({ manager, operation }) =>
        textAt(entry, "manager") === manager && textAt(entry, "operation") === operation,
    );
  const predecessors = managers.filter((entry) => isPredecessor(entry) && !isOurs(entry));
  const [first] = predecessors;
  if (first === undefined) return undefined;
  const inheritance = [...managers.filter(isOurs), ...predecessors].map((entry) => mapAt(entry, "fieldsV1"));
  const heir = {
    ...(managers.find(isOurs) ?? first),
    manager: fieldManager,
    operation: "Apply",
    fieldsV1: inheritance.reduce(union),
  };
  return [...managers.filter((entry) => !isOurs(entry) && !isPredecessor(entry)), heir];
}

/** Whether one of the predecessors by which this provider itself makes objects manages fields of the object. */
export function madeByUs(object: PlainMap): boolean {
  return managersOf(object).some(
    (entry) => textAt(entry, "operation") === "Update" && textAt(entry, "manager").startsWith("pulumi-"),
  );
}

/**
 * What to apply when the program ignores changes of some properties: they keep the value they have in the cluster. Those
 * that another manager owns alone are left out, so that we neither quarrel over them nor become their owner.
 */
export function withIgnoredFields(
  inputs: PlainMap,
  live: PlainMap,
  fieldManager: string,
  ignoreChanges: readonly string[],
): PlainMap {
  const ours = managersOf(live).filter((entry) => isHeirOf(entry, fieldManager));
  const theirs = managersOf(live).filter((entry) => !isHeirOf(entry, fieldManager));
  return ignoreChanges.map(parseIgnorePath).reduce((applied, path) => {
    const owns = (entry: PlainMap) => owned(mapAt(entry, "fieldsV1"), path);
    if (theirs.some(owns) && !ours.some(owns)) return withValueAt(applied, path, undefined);
    const value = valueAt(live, ...path);
    return value === undefined || path.some(isIndex) ? applied : withValueAt(applied, path, value);
  }, inputs);
}

/** Ours, or about to be. */
function isHeirOf(entry: PlainMap, fieldManager: string): boolean {
  const manager = textAt(entry, "manager");
  return manager === fieldManager || (manager === CREATOR && textAt(entry, "subresource") === "");
}

function owned(fields: PlainMap, path: readonly string[]): boolean {
  return valueAt(fields, ...path.map((step) => `f:${step}`)) !== undefined;
}

function isIndex(step: string): boolean {
  return step === "*" || /^\d+$/.test(step);
}

function union(a: PlainMap, b: PlainMap): PlainMap {
  const merged = Object.entries(b).map(([name, value]): [string, PlainValue] => {
    const known = a[name];
    return [name, isMap(known) && isMap(value) ? union(known, value) : value];
  });
  return { ...a, ...Object.fromEntries(merged) };
}
