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

/** It may look at pods where it collects, and nowhere else. */
export function createAccess(
  name: string,
  namespaces: readonly NamespacePlacement[],
  place: Place,
): pulumi.Resource[] {
  const { metadata, options } = place;
  const account = createAccount(name, place);
  const bindings = namespaces.flatMap((namespace) => {
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
