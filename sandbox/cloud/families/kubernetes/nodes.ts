import { randomBytes, randomUUID } from "node:crypto";
import type { NodeSpec } from "../../../kubernetes/runtime.ts";
import type { Cloud } from "../../context.ts";
import { makeDroplet, removeDroplet } from "../droplets/create.ts";
import { findDroplet } from "../droplets/model.ts";
import { findSize } from "../sizes.ts";
import { ensureTags } from "../tags.ts";
import {
  type ClusterDocument,
  clusterIdentity,
  type NodeDocument,
  type NodePoolDocument,
  putCluster,
  requirePool,
  systemTags,
  withPool,
} from "./model.ts";

/** What the droplets of nodes start from. */
const nodeImage = "debian-12-x64";

/**
 * Writes a cluster with the droplets that its pools lack: all of it, or nothing when one is refused.
 * @throws ApiError 422 when there is no address left in its VPC
 */
export function putWithNodes(cloud: Cloud, cluster: ClusterDocument): void {
  cloud.store.transaction(() => {
    const pools = cluster.pools.map((pool) => {
      ensureTags(cloud, pool.tags);
      const missing = Math.max(0, pool.count - pool.nodes.length);
      const made = Array.from({ length: missing }, () => makeNode(cloud, cluster, pool));
      return { ...pool, nodes: [...pool.nodes, ...made] };
    });
    putCluster(cloud, { ...cluster, pools });
  });
}

/** Removes the droplets that a pool has too many of; the newest go first. */
export async function trimPool(cloud: Cloud, clusterId: string, poolId: string): Promise<void> {
  const { cluster, pool } = requirePool(cloud, { cluster_id: clusterId, node_pool_id: poolId });
  putCluster(cloud, withPool(cluster, { ...pool, nodes: pool.nodes.slice(0, pool.count) }));
  await removeNodes(cloud, pool.nodes.slice(pool.count));
}

/** Removes the droplets of nodes that no pool has any more. */
export async function removeNodes(cloud: Cloud, nodes: readonly NodeDocument[]): Promise<void> {
  for (const { dropletId } of nodes) await removeDroplet(cloud, dropletId);
}

/** All the cluster's nodes as the runtime is told of them. */
export function nodeSpecs(cloud: Cloud, cluster: ClusterDocument): NodeSpec[] {
  return cluster.pools.flatMap((pool) => pool.nodes.map((node) => nodeSpec(cloud, cluster, pool, node)));
}

function makeNode(cloud: Cloud, cluster: ClusterDocument, pool: NodePoolDocument): NodeDocument {
  const name = `${pool.name}-${randomBytes(4).toString("hex").slice(0, 5)}`;
  const droplet = makeDroplet(cloud, {
    name,
    region: cluster.region,
    size: pool.size,
    image: nodeImage,
    tags: [...systemTags(cluster.id), "k8s:worker", ...pool.tags],
    vpcUuid: cluster.vpcUuid,
    publicNetworking: !cluster.isolatedWorkers,
    owner: clusterIdentity(cluster),
  });
  return { id: randomUUID(), name, dropletId: droplet.id, createdAt: cloud.timestamp(), ready: false };
}

function nodeSpec(
  cloud: Cloud,
  cluster: ClusterDocument,
  pool: NodePoolDocument,
  node: NodeDocument,
): NodeSpec {
  const size = findSize(pool.size);
  return {
    id: node.id,
    name: node.name,
    dropletId: node.dropletId,
    poolId: pool.id,
    poolName: pool.name,
    size: pool.size,
    vcpus: size?.vcpus ?? 0,
    memoryMib: size?.memoryMib ?? 0,
    diskGib: size?.diskGib ?? 0,
    ...(size?.gpu && { gpu: { brand: size.gpu.brand, model: size.gpu.model, count: size.gpu.count } }),
    region: cluster.region,
    privateIp: findDroplet(cloud, node.dropletId)?.privateAddress ?? "",
    labels: { ...pool.labels },
    taints: [...pool.taints],
    tags: [...systemTags(cluster.id), "k8s:worker", ...pool.tags],
  };
}
