import { type PlainMap, textAt } from "./object.ts";

/** Annotations by which a program tells the provider, and the provider tells itself, what to do. All have the value `true` or text. */
export const ANNOTATIONS = {
  /** Set by the provider: it made the name up. */
  autonamed: "pulumi.com/autonamed",
  /** Do not wait for the object to be ready, nor (for workloads) to be gone. */
  skipAwait: "pulumi.com/skipAwait",
  /** What to wait for in place of the provider's own rules: `jsonpath=...`, `condition=...`, or a JSON list of those. */
  waitFor: "pulumi.com/waitFor",
  /** How long to wait, in seconds. The resource option `customTimeouts` comes first. */
  timeoutSeconds: "pulumi.com/timeoutSeconds",
  /** Take fields over from other managers. */
  patchForce: "pulumi.com/patchForce",
  /** The name under which fields are managed. */
  patchFieldManager: "pulumi.com/patchFieldManager",
  /** `background` or `orphan` in place of foreground deletion. */
  deletionPropagation: "pulumi.com/deletionPropagationPolicy",
  /** Replace a Job that has not completed. */
  replaceUnready: "pulumi.com/replaceUnready",
} as const;

/** The annotation's text; empty when it is not there. */
export function annotationOf(object: PlainMap, annotation: keyof typeof ANNOTATIONS): string {
  return textAt(object, "metadata", "annotations", ANNOTATIONS[annotation]);
}

/** Whether the annotation is there and `true`. */
export function isAnnotated(object: PlainMap, annotation: keyof typeof ANNOTATIONS): boolean {
  return annotationOf(object, annotation) === "true";
}
