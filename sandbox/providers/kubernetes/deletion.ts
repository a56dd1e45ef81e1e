import { annotationOf, isAnnotated } from "./objects/annotations.ts";
import type { PlainMap } from "./objects/object.ts";
import type { ObjectKind } from "./objects/type-token.ts";

const POLICIES: Readonly<Record<string, "Background" | "Orphan">> = {
  background: "Background",
  orphan: "Orphan",
};

/** What happens to the objects that belong to a deleted one: they go first, unless the annotation says otherwise. */
export function deletionPolicy(inputs: PlainMap): "Foreground" | "Background" | "Orphan" {
  return POLICIES[annotationOf(inputs, "deletionPropagation").toLowerCase()] ?? "Foreground";
}

/** Kinds whose `skipAwait` annotation holds for their deletion as well, as the vendor's plugin has it. */
const SKIPPING: ReadonlySet<string> = new Set([
  "/Namespace",
  "/Pod",
  "/ReplicationController",
  "apps/DaemonSet",
  "apps/Deployment",
  "apps/StatefulSet",
  "batch/Job",
]);

/** Whether nobody waits for the object to be gone. */
export function skipsAwaitOnDelete(kind: ObjectKind, inputs: PlainMap): boolean {
  return isAnnotated(inputs, "skipAwait") && SKIPPING.has(`${kind.group}/${kind.kind}`);
}
