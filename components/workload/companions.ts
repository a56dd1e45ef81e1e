import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
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

/** Lets an account ask the whole cluster's API what the rules name. */
export function createClusterRights(
  name: string,
  rules: readonly kubernetes.types.input.rbac.v1.PolicyRule[],
  { metadata: { namespace, labels }, options }: Place,
  account: pulumi.Resource,
): pulumi.Resource {
  const metadata = { name, labels };
  const role = new kubernetes.rbac.v1.ClusterRole(
    `${name}-role`,
    { metadata, rules: [...rules] },
    { ...options, dependsOn: [] },
  );
  return new kubernetes.rbac.v1.ClusterRoleBinding(
    `${name}-binding`,
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    },
    { ...options, dependsOn: [role, account] },
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
