import type { PolicyResource } from "@pulumi/policy";
import { kindsOf } from "../kubernetes/kinds.ts";
import { namespaceOf, type Workload } from "../kubernetes/workloads.ts";

const isAutoscaler = kindsOf("autoscaling", "HorizontalPodAutoscaler");

/** What says how many pods a workload has. */
export interface Autoscaler {
  readonly urn: string;
  readonly namespace: string;
  readonly kind: unknown;
  readonly name: unknown;
  /** Kubernetes takes 1 where it is not said. */
  readonly minimum: number;
}

/** The autoscalers of a stack, by what they scale. */
export const autoscalersIn = (resources: readonly PolicyResource[]): Autoscaler[] =>
  resources.flatMap(({ urn, type, props }) => {
    if (!isAutoscaler(type)) return [];
    const { scaleTargetRef, minReplicas = 1 } = props.spec ?? {};
    return [
      {
        urn,
        namespace: namespaceOf(props),
        kind: scaleTargetRef?.kind,
        name: scaleTargetRef?.name,
        minimum: minReplicas,
      },
    ];
  });

/** The autoscaler that scales a workload. */
export const autoscalerOf = (
  { namespace, kind, name }: Workload,
  autoscalers: readonly Autoscaler[],
): Autoscaler | undefined =>
  name === undefined
    ? undefined
    : autoscalers.find((one) => one.namespace === namespace && one.kind === kind && one.name === name);

/** The least number of pods that a workload has when all is well: Kubernetes makes one where nothing is said. */
export function replicasOf(workload: Workload, autoscalers: readonly Autoscaler[]): number {
  return autoscalerOf(workload, autoscalers)?.minimum ?? workload.spec.replicas ?? 1;
}

/** Kinds that hold a number of equal pods. */
const replicated = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout"];

/** Whether a workload is of a kind that holds a number of equal pods. */
export const isReplicated = ({ kind }: Workload): boolean => replicated.includes(kind);
