import { z } from "zod";
import type { Cloud } from "../../context.ts";
import { endpoint } from "../../endpoint.ts";
import { found, refuseIfAny, unprocessable } from "../../errors.ts";
import {
  type ClusterDocument,
  type NodePoolDocument,
  putCluster,
  requireCluster,
  requirePool,
  withPool,
} from "./model.ts";
import { putWithNodes, removeNodes, trimPool } from "./nodes.ts";
import { changedPool, createPoolBody, newPool, poolProblems, updatePoolBody } from "./pool-request.ts";
import { presentPool } from "./present.ts";
import { provision } from "./provision.ts";

const pools = "/v2/kubernetes/clusters/{cluster_id}/node_pools";
const pool = `${pools}/{node_pool_id}` as const;

const list = endpoint({
  method: "GET",
  path: pools,
  handle: ({ cloud, params, page }) => {
    const cluster = requireCluster(cloud, params.cluster_id);
    return page(
      "node_pools",
      cluster.pools.map((each) => presentPool(cloud, cluster, each)),
    );
  },
});

const create = endpoint({
  method: "POST",
  path: pools,
  body: createPoolBody,
  handle: async ({ cloud, params, body }) => {
    const cluster = requireCluster(cloud, params.cluster_id);
    const made = newPool(body);
    refuseIfAny(...poolProblems(made, cluster.pools, cluster.region));
    return { node_pool: await settle(cloud, { ...cluster, pools: [...cluster.pools, made] }, made.id) };
  },
});

const read = endpoint({
  method: "GET",
  path: pool,
  handle: ({ cloud, params }) => {
    const { cluster, pool: wanted } = requirePool(cloud, params);
    return { node_pool: presentPool(cloud, cluster, wanted) };
  },
});

const update = endpoint({
  method: "PUT",
  path: pool,
  status: 202,
  body: updatePoolBody,
  handle: async ({ cloud, params, body }) => {
    const { cluster, pool: before } = requirePool(cloud, params);
    const after = changedPool(before, body);
    refuseIfAny(...poolProblems(after, cluster.pools, cluster.region));
    return { node_pool: await settle(cloud, withPool(cluster, after), after.id) };
  },
});

const remove = endpoint({
  method: "DELETE",
  path: pool,
  handle: async ({ cloud, params }) => {
    const { cluster, pool: gone } = requirePool(cloud, params);
    const rest = cluster.pools.filter(({ id }) => id !== gone.id);
    if (rest.length === 0)
      throw unprocessable(`${gone.name} is the last node pool of ${cluster.name}, which needs one`);
    putCluster(cloud, { ...cluster, pools: rest });
    await removeNodes(cloud, gone.nodes);
    provision(cloud, cluster.id);
  },
});

const removeNode = endpoint({
  method: "DELETE",
  path: `${pool}/nodes/{node_id}`,
  status: 202,
  query: z.object({
    skip_drain: z.coerce.number().int().min(0).max(1).default(0),
    replace: z.coerce.number().int().min(0).max(1).default(0),
  }),
  handle: async ({ cloud, params, query }) => {
    const { cluster, pool: before } = requirePool(cloud, params);
    const node = found(before.nodes.find(({ id }) => id === params.node_id));
    const count = query.replace === 1 ? before.count : before.count - 1;
    refuseIfAny(...poolProblems({ ...before, count }, cluster.pools, cluster.region));
    await takeOut(cloud, cluster.id, { ...before, count }, [node.id]);
  },
});

const recycle = endpoint({
  method: "POST",
  path: `${pool}/recycle`,
  status: 202,
  body: z.strictObject({ nodes: z.array(z.string()).optional() }),
  handle: async ({ cloud, params, body }) => {
    const { cluster, pool: before } = requirePool(cloud, params);
    const ids = body.nodes ?? before.nodes.map(({ id }) => id);
    for (const id of ids) found(before.nodes.find((node) => node.id === id));
    await takeOut(cloud, cluster.id, before, ids);
  },
});

/** Removes nodes; the pool's count says whether others take their place. */
async function takeOut(
  cloud: Cloud,
  clusterId: string,
  after: NodePoolDocument,
  ids: readonly string[],
): Promise<void> {
  const kept = after.nodes.filter(({ id }) => !ids.includes(id));
  putCluster(cloud, withPool(requireCluster(cloud, clusterId), { ...after, nodes: kept }));
  await removeNodes(
    cloud,
    after.nodes.filter(({ id }) => ids.includes(id)),
  );
  await settle(cloud, requireCluster(cloud, clusterId), after.id);
}

/** Writes the cluster, gives one of its pools the nodes it is to have, and tells Kubernetes; the pool as it is then. */
async function settle(cloud: Cloud, cluster: ClusterDocument, poolId: string): Promise<object> {
  putWithNodes(cloud, cluster);
  await trimPool(cloud, cluster.id, poolId);
  provision(cloud, cluster.id);
  const after = requirePool(cloud, { cluster_id: cluster.id, node_pool_id: poolId });
  return presentPool(cloud, after.cluster, after.pool);
}

export const poolEndpoints = [list, create, read, update, remove, removeNode, recycle];
