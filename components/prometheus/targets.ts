import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { NamespacePlacement } from "../namespace/placement.ts";
import { type Flow, trafficPolicy } from "../workload/traffic.ts";
import type { Place } from "./place.ts";

/** Pods that have metrics: their namespace, and the components in it with the port of their metrics. */
export interface Target {
  readonly namespace: NamespacePlacement;
  readonly components: Record<string, number>;
}

/** Equal machines that have metrics. */
export interface Machines {
  readonly addresses: pulumi.Input<string[]>;
  readonly port: number;
  /** Range in which they are. */
  readonly cidr: string;
}

/** It may look at pods where it collects, and nowhere else. */
export function createAccess(
  name: string,
  targets: readonly Target[],
  { metadata, options }: Place,
): pulumi.Resource[] {
  const account = new kubernetes.core.v1.ServiceAccount(
    `${name}-account`,
    { metadata, automountServiceAccountToken: false },
    options,
  );
  const bindings = targets.flatMap(({ namespace }) => {
    const there = { ...metadata, namespace: namespace.name };
    const role = new kubernetes.rbac.v1.Role(
      `${name}-role-in-${namespace.name}`,
      {
        metadata: there,
        rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] }],
      },
      { ...options, dependsOn: namespace.guards },
    );
    const binding = new kubernetes.rbac.v1.RoleBinding(
      `${name}-binding-in-${namespace.name}`,
      {
        metadata: there,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
        subjects: [{ kind: "ServiceAccount", name, namespace: metadata.namespace }],
      },
      { ...options, dependsOn: [role, account] },
    );
    return [binding];
  });
  return [account, ...bindings];
}

/** It may reach what it collects from, and ask Kubernetes where that is; nothing reaches it. */
export function createTraffic(
  name: string,
  targets: readonly Target[],
  machines: readonly Machines[],
  { metadata, podLabels, options }: Place,
): kubernetes.networking.v1.NetworkPolicy {
  const toTargets: Flow[] = targets.flatMap(({ namespace, components }) =>
    Object.entries(components).map(([component, port]) => ({
      party: { component, namespace: namespace.name },
      ports: [port],
    })),
  );
  const toMachines: Flow[] = machines.map(({ cidr, port }) => ({
    party: { cidr },
    ports: [port],
  }));
  // Where the control plane is, DigitalOcean decides and does not promise, so the ports alone are narrow.
  const toKubernetes: Flow = { party: { cidr: "0.0.0.0/0" }, ports: [443, 6443] };
  return new kubernetes.networking.v1.NetworkPolicy(
    `${name}-traffic`,
    { metadata, spec: trafficPolicy(podLabels, [], [...toTargets, ...toMachines, toKubernetes]) },
    options,
  );
}
