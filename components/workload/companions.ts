import * as kubernetes from "@pulumi/kubernetes";
import { type PodTraffic, trafficPolicy } from "../traffic/network-policy.ts";
import type { Place } from "./place.ts";

/** An account of the pods' own, whose token no pod gets that does not ask for it. */
export function createAccount(name: string, { metadata, options }: Place): kubernetes.core.v1.ServiceAccount {
  return new kubernetes.core.v1.ServiceAccount(
    `${name}-account`,
    { metadata, automountServiceAccountToken: false },
    options,
  );
}

/** Lets the pods do what their part of the traffic plan says, beside the namespace's rule that nobody may do anything. */
export function createTrafficPolicy(
  name: string,
  traffic: PodTraffic,
  { metadata, podLabels, options }: Place,
): kubernetes.networking.v1.NetworkPolicy {
  return new kubernetes.networking.v1.NetworkPolicy(
    `${name}-traffic`,
    { metadata, spec: trafficPolicy(podLabels, traffic) },
    options,
  );
}

/** Has nodes that are drained wait until all the pods are well again but one. */
export function createDisruptionBudget(name: string, { metadata, podLabels, options }: Place): void {
  new kubernetes.policy.v1.PodDisruptionBudget(
    `${name}-disruption-budget`,
    { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: podLabels } } },
    options,
  );
}
