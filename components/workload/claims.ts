import type { types } from "@pulumi/kubernetes";
import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { claimedApart } from "./cost.ts";
import type { Place } from "./place.ts";

/** Name of the volume in the pods of a StatefulSet, with which the names of the claims begin. */
export const dataVolume = "data";

/** Name of a pod's claim, as the StatefulSet looks for it: one that is there already it takes. */
export const claimName = (setName: string, ordinal: number): string => `${dataVolume}-${setName}-${ordinal}`;

/** What the volumes of a StatefulSet's pods are. */
export interface ClaimSettings {
  /** How many pods there are. */
  readonly count: number;
  readonly spec: types.input.core.v1.PersistentVolumeClaimSpec;
  /** What the volumes say of themselves. */
  readonly storeLabels: Record<string, string>;
  /** Whether the engine refuses to delete them. */
  readonly protect: boolean;
}

/** Claims of the program's own, which the StatefulSet takes: they can grow, and are protected one by one. */
export function createClaims(
  name: string,
  { count, spec, storeLabels, protect }: ClaimSettings,
  { metadata, options }: Place,
): pulumi.Resource[] {
  const labels = { ...metadata.labels, ...storeLabels };
  return Array.from(
    { length: count },
    (_, ordinal) =>
      new kubernetes.core.v1.PersistentVolumeClaim(
        `${name}-${dataVolume}-${ordinal}`,
        { metadata: { ...metadata, name: claimName(metadata.name, ordinal), labels }, spec },
        { ...options, protect },
      ),
  );
}

/** What the StatefulSet is told of the claims; it would make those that are not there. */
export const claimTemplate = ({ spec, storeLabels }: Pick<ClaimSettings, "spec" | "storeLabels">) => ({
  metadata: { name: dataVolume, labels: { ...storeLabels, [claimedApart]: "true" } },
  spec,
});

/**
 * How every StatefulSet is changed: in place where Kubernetes lets it be. What it does not (the names of claims, of its
 * Service, and the labels by which it knows its pods) makes it anew, in the same name: its pods start again, all of them, and take
 * the claims that are there. What its templates say of claims beyond their name is of no account, as the claims are the
 * program's own, and grow.
 *
 * @param before What must be there first.
 */
export const ofStatefulSet = (before: readonly pulumi.Resource[]) => ({
  dependsOn: [...before],
  ignoreChanges: ["spec.volumeClaimTemplates[*].spec", "spec.volumeClaimTemplates[*].metadata.labels"],
  replaceOnChanges: [
    "spec.podManagementPolicy",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates[*].metadata.name",
  ],
  deleteBeforeReplace: true,
});
