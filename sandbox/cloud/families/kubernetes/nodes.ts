import { randomBytes, randomUUID } from "node:crypto";
import type { NodeSpec } from "../../../kubernetes/runtime.ts";
import type { Cloud } from "../../context.ts";
import { makeDroplet, removeDroplet } from "../droplets/create.ts";
import { findDroplet } from "../droplets/model.ts";
import { findSize } from "../sizes.ts";
import {
  type ClusterDocument,
  clusterCollection,
  clusterIdentity,
  type NodeDocument,
  type NodePoolDocument,
  putCluster,
  systemTags,
  withPool,
} from "./model.ts";

/** What the droplets of nodes start from. */
const nodeImage = "debian-12-x64";

/** Makes the droplets that a pool lacks and removes those it has too many of; the newest go first. */
export async function fitPool(cloud: Cloud, clusterId: string, poolId: string): Promise<void> {
  const cluster = clusterCollection(cloud.store).get(clusterId);
  const pool = cluster?.pools.find(({ id }) => id === poolId);
  if (cluster === undefined || pool === undefined) return;
  const missing = Math.max(0, pool.count - pool.nodes.length);
  const made = Array.from({ length: missing }, () => makeNode(cloud, cluster, pool));
  const nodes = [...pool.nodes, ...made].slice(0, pool.count);
  putCluster(cloud, withPool(cluster, { ...pool, nodes }));
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
