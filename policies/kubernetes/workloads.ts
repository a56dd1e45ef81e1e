import type { PolicyResource } from "@pulumi/policy";
import { CannotJudge } from "../rule.ts";
import { isRecord, podsIn } from "./pod-places.ts";

/** What makes pods, as the rest of a stack meets them. */
export interface Workload {
  readonly urn: string;
  readonly type: string;
  /** e.g. `Deployment`. */
  readonly kind: string;
  readonly name: string | undefined;
  readonly namespace: string;
  /** Of its pods. */
  readonly labels: Readonly<Record<string, unknown>>;
  /** Specification of what makes the pods. */
  readonly spec: PolicyResource["props"];
  /** Specification of the pods. */
  readonly podSpec: Readonly<Record<string, unknown>>;
}

/** The namespace that an object is in. */
export const namespaceOf = (props: PolicyResource["props"]): string => props.metadata?.namespace ?? "default";

/**
 * What makes pods in a stack. What has a form in which no pods can be seen is left out: the rules that judge pods alone
 * refuse it.
 */
export const workloadsIn = (resources: readonly PolicyResource[]): Workload[] =>
  resources.flatMap(({ urn, type, props }) =>
    podsOf(type, props).map(({ spec, metadata }) => ({
      urn,
      type,
      kind: kindOf(type),
      name: props.metadata?.name,
      namespace: namespaceOf(props),
      labels: isRecord(metadata) && isRecord(metadata.labels) ? metadata.labels : {},
      spec: isRecord(props.spec) ? props.spec : {},
      podSpec: spec,
    })),
  );

const kindOf = (type: string): string => type.split(":").at(-1) ?? "";

function podsOf(type: string, props: PolicyResource["props"]) {
  if (!type.startsWith("kubernetes:")) return [];
  try {
    return podsIn(type, props);
  } catch (error) {
    if (error instanceof CannotJudge) return [];
    throw error;
  }
}

/** What is in each namespace. */
export function byNamespace<T extends { readonly namespace: string }>(
  things: readonly T[],
): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const group = groups.get(thing.namespace);
    if (group === undefined) groups.set(thing.namespace, [thing]);
    else group.push(thing);
  }
  return groups;
}
