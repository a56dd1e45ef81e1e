import { nodeAgentsNamespace } from "../../catalog/node-agents.ts";
import { Namespace, type NamespaceArgs } from "../../components/namespace/namespace.ts";
import type { NamespacePlacement } from "../../components/namespace/placement.ts";
import type { Quota } from "../../components/namespace/quota.ts";
import { Priorities } from "../../components/priorities/priorities.ts";
import { nodeAgentsQuota } from "../quotas.ts";
import type { Context } from "./context.ts";
import type { Ground } from "./ground.ts";
import type { Stores } from "./stores.ts";

/** Where each kind of workload goes. */
export interface Namespaces {
  readonly application: NamespacePlacement;
  readonly edge: NamespacePlacement;
  readonly monitoring: NamespacePlacement;
  readonly nodeAgents: NamespacePlacement;
  readonly stores: NamespacePlacement;
  readonly logs: NamespacePlacement;
}

/** Divides the cluster, and says who goes first. */
export function composeNamespaces(
  { posture, ownership, named }: Context,
  { cluster }: Ground,
  { registry }: Stores,
): Namespaces {
  const onCluster = { provider: cluster.provider };
  const priorities = new Priorities(named("priorities"), { ownership }, onCluster);
  const namespaceFor = (component: string, quota: Quota, more: Partial<NamespaceArgs> = {}) =>
    new Namespace(
      named(component),
      { ownership, component, quota, prerequisites: priorities.classes, ...more },
      onCluster,
    ).placement;
  return {
    application: namespaceFor("application", posture.quotas.application, { registry: registry.access }),
    edge: namespaceFor("edge", posture.quotas.edge),
    monitoring: namespaceFor("monitoring", posture.quotas.monitoring, { registry: registry.access }),
    nodeAgents: namespaceFor(nodeAgentsNamespace, nodeAgentsQuota(posture.cluster), {
      podSecurity: "privileged",
    }),
    stores: namespaceFor("stores", posture.quotas.stores),
    logs: namespaceFor("logs", posture.quotas.logs),
  };
}
