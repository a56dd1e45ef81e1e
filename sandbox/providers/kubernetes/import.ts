import { type PlainMap, withValueAt } from "./objects/object.ts";

/** What an object that others made tells, but that nobody would write into a program. */
const NOT_INPUTS: readonly (readonly string[])[] = [
  ["status"],
  ["metadata", "creationTimestamp"],
  ["metadata", "generation"],
  ["metadata", "managedFields"],
  ["metadata", "resourceVersion"],
  ["metadata", "uid"],
  ["metadata", "annotations", "deployment.kubernetes.io/revision"],
  ["metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"],
];

/** The inputs that would have led to a live object, for an import. */
export function importedInputs(live: PlainMap): PlainMap {
  return NOT_INPUTS.reduce((inputs: PlainMap, path) => withValueAt(inputs, path, undefined), live);
}
