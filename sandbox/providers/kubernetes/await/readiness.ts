import type { Cluster } from "../cluster/cluster.ts";
import { type KubernetesObject, listAt, type PlainMap, textAt } from "../objects/object.ts";
import type { ObjectKind } from "../objects/type-token.ts";

/** How far an object is. */
export interface Readiness {
  readonly state: "ready" | "waiting" | "failed";
  /** What is missing, or why it failed; empty when it is ready. One reason an entry, for people. */
  readonly reasons: readonly string[];
}

/** What a judge may ask of the cluster. */
export interface Scene {
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
  /** Whether the object was there before: then a claim that waits for its first consumer has had one. */
  readonly updating: boolean;
}

/** Tells how far an object of one kind is. Asks the cluster for more only where the object does not tell itself. */
export type Judge = (object: KubernetesObject, scene: Scene) => Promise<Readiness> | Readiness;

/** Nothing is missing. */
export const READY: Readiness = { state: "ready", reasons: [] };

/** Ready when nothing is missing. */
export function waitingFor(reasons: readonly string[]): Readiness {
  return reasons.length === 0 ? READY : { state: "waiting", reasons };
}

/** It will not become ready by itself. */
export function failed(...reasons: string[]): Readiness {
  return { state: "failed", reasons };
}

/** The condition of the type, among `status.conditions`. */
export function conditionOf(object: PlainMap, type: string): PlainMap | undefined {
  return listAt(object, "status", "conditions")
    .map((condition) => condition as PlainMap)
    .find((condition) => textAt(condition, "type") === type);
}

/** Whether the condition is there and true. */
export function isTrue(object: PlainMap, type: string): boolean {
  const condition = conditionOf(object, type);
  return condition !== undefined && textAt(condition, "status") === "True";
}

/** `reason: message` of a condition, as far as it has them. */
export function conditionText(condition: PlainMap | undefined): string {
  if (condition === undefined) return "";
  return [textAt(condition, "reason"), textAt(condition, "message")].filter((part) => part !== "").join(": ");
}

export const POD: ObjectKind = { group: "", version: "v1", kind: "Pod" };
