import type { NodeTaint } from "../../../kubernetes/runtime.ts";
import type { Store } from "../../../store/store.ts";
import type { Cloud } from "../../context.ts";
import { found } from "../../errors.ts";
import type { Identity } from "../../family.ts";

/** A worker, which is a droplet. */
export interface NodeDocument {
  readonly id: string;
  readonly name: string;
  readonly dropletId: number;
  readonly createdAt: string;
  /** Whether Kubernetes has it, Ready. */
  readonly ready: boolean;
}

export interface NodePoolDocument {
  readonly id: string;
  readonly name: string;
  readonly size: string;
  readonly count: number;
  /** Those that were asked for; the system's are added where they are shown. */
  readonly tags: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly NodeTaint[];
  readonly autoScale: boolean;
  readonly minNodes: number;
  readonly maxNodes: number;
  readonly nodes: readonly NodeDocument[];
}

export interface MaintenancePolicy {
  readonly day: string;
  readonly start_time: string;
  readonly duration: string;
}

/** A Kubernetes cluster as stored; its control plane is the runtime's. */
export interface ClusterDocument {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  /** Slug of a version. */
  readonly version: string;
  readonly vpcUuid: string;
  readonly clusterSubnet: string;
  readonly serviceSubnet: string;
  readonly ha: boolean;
  /** Those that were asked for; the system's are added where they are shown. */
  readonly tags: readonly string[];
  readonly pools: readonly NodePoolDocument[];
  readonly maintenancePolicy: MaintenancePolicy;
  readonly autoUpgrade: boolean;
  readonly surgeUpgrade: boolean;
  readonly isolatedWorkers: boolean;
  readonly registryEnabled: boolean;
  /** Settings that the sandbox keeps and shows and that change nothing here, as the API spells them. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly createdMs: number;
  readonly updatedAt: string;
  /** Whether control plane and nodes were there once: from then on it is `running`. */
  readonly provisioned: boolean;
}

export const clusterCollection = (store: Store) => store.collection<ClusterDocument>("kubernetes_clusters");

/** @throws ApiError 404 */
export function requireCluster(cloud: Cloud, id: string): ClusterDocument {
  return found(clusterCollection(cloud.store).get(id));
}

/** @throws ApiError 404 */
export function requirePool(
  cloud: Cloud,
  params: { readonly cluster_id: string; readonly node_pool_id: string },
): { readonly cluster: ClusterDocument; readonly pool: NodePoolDocument } {
  const cluster = requireCluster(cloud, params.cluster_id);
  return { cluster, pool: found(cluster.pools.find(({ id }) => id === params.node_pool_id)) };
}

/** Writes the cluster as changed now. */
export function putCluster(cloud: Cloud, cluster: ClusterDocument): ClusterDocument {
  const updated = { ...cluster, updatedAt: cloud.timestamp() };
  clusterCollection(cloud.store).put(updated.id, updated);
  return updated;
}

/** The cluster with one of its pools replaced. */
export function withPool(cluster: ClusterDocument, pool: NodePoolDocument): ClusterDocument {
  return { ...cluster, pools: cluster.pools.map((each) => (each.id === pool.id ? pool : each)) };
}

export function clusterIdentity(cluster: { readonly id: string }): Identity {
  return { kind: "kubernetes_clusters", id: cluster.id };
}

/** The tags that everything of a cluster bears. */
export function systemTags(clusterId: string): string[] {
  return ["k8s", `k8s:${clusterId}`];
}
