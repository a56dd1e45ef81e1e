/** Finalizers keep an object until whoever put them there has cleaned up behind it. */
import type { KubernetesObject } from "@kubernetes/client-node";

/** A part of `metadata` for a merge patch. With the version, the patch is refused when the object has changed since. */
export interface FinalizerPatch {
  resourceVersion?: string;
  finalizers: string[];
}

export function hasFinalizer(object: KubernetesObject, finalizer: string): boolean {
  return object.metadata?.finalizers?.includes(finalizer) ?? false;
}

export function withFinalizer(object: KubernetesObject, finalizer: string): FinalizerPatch {
  const { finalizers, ...version } = withoutFinalizer(object, finalizer);
  return { ...version, finalizers: [...finalizers, finalizer] };
}

export function withoutFinalizer(object: KubernetesObject, finalizer: string): FinalizerPatch {
  const { resourceVersion, finalizers = [] } = object.metadata ?? {};
  return {
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    finalizers: finalizers.filter((candidate) => candidate !== finalizer),
  };
}
