import { listAt, mapAt, nameOf, type PlainMap, textAt, valueAt } from "../objects/object.ts";
import {
  conditionOf,
  conditionText,
  failed,
  isTrue,
  type Judge,
  POD,
  READY,
  type Readiness,
  type Scene,
  waitingFor,
} from "./readiness.ts";

/** A Pod is ready when it says so, or has run to its end. */
export const judgePod: Judge = (pod) => {
  const phase = textAt(pod, "status", "phase");
  if (phase === "Succeeded" || isTrue(pod, "Ready")) return READY;
  const troubles = podTroubles(pod);
  if (phase === "Failed") return failed(...(troubles.length > 0 ? troubles : [`Pod ${nameOf(pod)} failed`]));
  return waitingFor(troubles);
};

/** Why a pod is not ready, each reason with the pod's and the container's name; empty when it is. */
export function podTroubles(pod: PlainMap): string[] {
  if (textAt(pod, "status", "phase") === "Succeeded" || isTrue(pod, "Ready")) return [];
  const name = nameOf(pod);
  const containers = [
    ...listAt(pod, "status", "initContainerStatuses"),
    ...listAt(pod, "status", "containerStatuses"),
  ].flatMap((status) => {
    const state = mapAt(status, "state", "waiting");
    const ended = mapAt(status, "state", "terminated");
    const why = conditionText(state) || (valueAt(ended, "exitCode") !== 0 && conditionText(ended));
    return why ? [`Pod ${name}, container ${textAt(status, "name")}: ${why}`] : [];
  });
  if (containers.length > 0) return containers;
  const unscheduled = conditionOf(pod, "PodScheduled");
  if (unscheduled !== undefined && textAt(unscheduled, "status") === "False") {
    return [`Pod ${name} is not scheduled: ${conditionText(unscheduled)}`];
  }
  const message = textAt(pod, "status", "message");
  const phase = textAt(pod, "status", "phase") || "not seen by a node yet";
  return [`Pod ${name} is not ready (${message || conditionText(conditionOf(pod, "Ready")) || phase})`];
}

/** Troubles of the pods that a label selector finds: a few of them are enough to understand. */
export async function selectedPodTroubles(object: PlainMap, scene: Scene): Promise<string[]> {
  const labelSelector = selectorText(mapAt(object, "spec", "selector"));
  if (labelSelector === "") return [];
  const namespace = textAt(object, "metadata", "namespace");
  const pods = await scene.cluster.list(POD, namespace, { labelSelector }, scene.signal);
  return pods.flatMap(podTroubles).slice(0, SHOWN);
}

const SHOWN = 5;

/** A workload that still misses something: what its pods say of it, besides. */
export async function withPodTroubles(reasons: string[], object: PlainMap, scene: Scene): Promise<Readiness> {
  if (reasons.length === 0) return READY;
  return waitingFor([...reasons, ...(await selectedPodTroubles(object, scene))]);
}

/** A label selector as the API's query takes it. */
function selectorText(selector: PlainMap): string {
  const labels = Object.entries(mapAt(selector, "matchLabels")).map(
    ([name, value]) => `${name}=${String(value)}`,
  );
  const expressions = listAt(selector, "matchExpressions").map((expression) => {
    const key = textAt(expression, "key");
    const values = listAt(expression, "values").join(",");
    const forms: Record<string, string> = {
      In: `${key} in (${values})`,
      NotIn: `${key} notin (${values})`,
      Exists: key,
      DoesNotExist: `!${key}`,
    };
    return forms[textAt(expression, "operator")] ?? "";
  });
  return [...labels, ...expressions].filter((part) => part !== "").join(",");
}
