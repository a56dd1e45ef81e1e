import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { NamespacePlacement } from "../namespace/placement.ts";
import { createAccount } from "../workload/companions.ts";
import type { Place } from "../workload/place.ts";

/** Equal machines that have metrics. */
export type Machines = { readonly port: number } & (
  | { readonly addresses: pulumi.Input<string[]> }
  /** Address that tells where they are, as Prometheus' discovery over HTTP wants it; the port is added as `?port=`. */
  | { readonly discovery: string }
);

/**
 * It may look at pods where it collects and at the nodes, ask the kubelets for their metrics, and look at nothing else of
 * the cluster.
 */
export function createAccess(
  name: string,
  namespaces: readonly NamespacePlacement[],
  place: Place,
): pulumi.Resource[] {
  const { metadata, options } = place;
  const { labels } = metadata;
  const account = createAccount(name, place);
  const role = (what: string, rules: kubernetes.types.input.rbac.v1.PolicyRule[]) =>
    new kubernetes.rbac.v1.ClusterRole(
      `${name}-${what}-role`,
      { metadata: { name: `${name}-${what}`, labels }, rules },
      { ...options, dependsOn: [] },
    );
  const pods = role("pods", [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] }]);
  const nodes = role("nodes", [
    { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] },
    { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
  ]);
  const subjects = [{ kind: "ServiceAccount", name, namespace: metadata.namespace }];
  const roleRef = (what: string) => ({
    apiGroup: "rbac.authorization.k8s.io",
    kind: "ClusterRole",
    name: `${name}-${what}`,
  });
  return [
    account,
    new kubernetes.rbac.v1.ClusterRoleBinding(
      `${name}-nodes-binding`,
      { metadata: { name: `${name}-nodes`, labels }, roleRef: roleRef("nodes"), subjects },
      { ...options, dependsOn: [nodes, account] },
    ),
    // Bound within a namespace, the role is one of that namespace alone.
    ...namespaces.map(
      (namespace) =>
        new kubernetes.rbac.v1.RoleBinding(
          `${name}-binding-in-${namespace.name}`,
          { metadata: { ...metadata, namespace: namespace.name }, roleRef: roleRef("pods"), subjects },
          { ...options, dependsOn: [...namespace.guards, pods, account] },
        ),
    ),
  ];
}
