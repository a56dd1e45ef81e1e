import type { PropertyMap } from "../kit/values.ts";
import { AlreadyExistsError } from "./apply.ts";
import { toOutputs, toPlainObject } from "./checkpoint.ts";
import { ApiError } from "./cluster/api-error.ts";
import { asObject, type KubernetesObject, valueAt, withValueAt } from "./objects/object.ts";

/** What a trial run makes up: in the end it will be something else, so that nothing may rely on it. */
const MADE_UP: readonly (readonly string[])[] = [
  ["status"],
  ["metadata", "creationTimestamp"],
  ["metadata", "generation"],
  ["metadata", "managedFields"],
  ["metadata", "resourceVersion"],
  ["metadata", "uid"],
  ["spec", "clusterIP"],
  ["spec", "clusterIPs"],
  ["spec", "healthCheckNodePort"],
];

/**
 * The outputs that a preview can tell, from a trial run on the server. Where the server cannot try (the namespace is still to
 * be made, the object is about to be replaced by one of the same name, we may not write) the inputs are all that is known.
 */
export async function previewOutputs(
  trial: Promise<KubernetesObject>,
  inputs: PropertyMap,
  notes: { initialApiVersion: string; fieldManager: string },
): Promise<PropertyMap> {
  try {
    const tried = await trial;
    const given = toPlainObject(inputs);
    const known = MADE_UP.filter(
      (path) => valueAt(given, ...path) === undefined || path[0] === "metadata",
    ).reduce((object, path) => asObject(withValueAt(object, path, undefined)), tried);
    return toOutputs(known, inputs, notes);
  } catch (error) {
    if (cannotTry(error)) return inputs;
    throw error;
  }
}

/** Statuses with which the server says that it cannot try now, not that the object is wrong. */
const CANNOT_TRY: ReadonlySet<number> = new Set([403, 404]);

function cannotTry(error: unknown): boolean {
  if (error instanceof AlreadyExistsError) return true;
  if (!(error instanceof ApiError)) return false;
  return CANNOT_TRY.has(error.status) || /does not support dry run/i.test(error.serverMessage);
}
