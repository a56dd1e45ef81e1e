import type * as pulumi from "@pulumi/pulumi";
import type { NamespacePlacement } from "../namespace/placement.ts";
import { labelsOf, type Ownership } from "../ownership.ts";

/** What everything that equal pods come with has in common. */
export interface Place {
  /** The pods bear its labels too. */
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Record<string, string>;
  };
  /** The labels by which the pods are chosen. */
  readonly podLabels: Record<string, string>;
  /** Whose parts they are, and what must be there first. */
  readonly options: { readonly parent: pulumi.Resource; readonly dependsOn: pulumi.Resource[] };
}

/**
 * Where the pods of a component go, and how they are told from others.
 *
 * @param name Name in the cluster.
 * @param component What it is: network policies know its pods by it.
 */
export function placeOf(
  name: string,
  component: string,
  { ownership, namespace }: { readonly ownership: Ownership; readonly namespace: NamespacePlacement },
  parent: pulumi.Resource,
): Place {
  const podLabels = { "app.kubernetes.io/name": component, "app.kubernetes.io/instance": name };
  return {
    metadata: {
      name,
      namespace: namespace.name,
      labels: { ...labelsOf(ownership, component), ...podLabels },
    },
    podLabels,
    options: { parent, dependsOn: namespace.guards },
  };
}
