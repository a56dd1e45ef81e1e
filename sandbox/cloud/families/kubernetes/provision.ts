import type { ClusterSpec } from "../../../kubernetes/runtime.ts";
import type { Cloud } from "../../context.ts";
import { type ClusterDocument, clusterCollection } from "./model.ts";
import { nodeSpecs } from "./nodes.ts";

/** The work under way for each cluster: one step after the other, so that the last word is the newest. */
const work = new WeakMap<Cloud, Map<string, Promise<void>>>();

/**
 * Brings the cluster's control plane and nodes to what is stored, in the background: requests do not wait for it.
 * Does nothing more when they are there already, so that it may be asked for again at any time.
 */
export function provision(cloud: Cloud, clusterId: string): void {
  const pending = work.get(cloud) ?? new Map<string, Promise<void>>();
  work.set(cloud, pending);
  const step = (pending.get(clusterId) ?? Promise.resolve()).then(() =>
    // The runtime remembers why, and the cluster shows it as its status; the log has the whole of it.
    bringUp(cloud, clusterId).catch((error: unknown) => {
      const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stderr.write(`Kubernetes cluster ${clusterId}: ${cause}\n`);
    }),
  );
  pending.set(clusterId, step);
}

/** Takes up the clusters of an earlier run. */
export function provisionAll(cloud: Cloud): void {
  for (const { id } of clusterCollection(cloud.store).list()) provision(cloud, id);
}

async function bringUp(cloud: Cloud, clusterId: string): Promise<void> {
  const cluster = clusterCollection(cloud.store).get(clusterId);
  if (cluster === undefined) return;
  await cloud.kubernetes.start(clusterSpec(cluster));
  const wanted = nodeSpecs(cloud, cluster);
  await cloud.kubernetes.setNodes(clusterId, wanted);
  markReady(cloud, clusterId, new Set(wanted.map(({ id }) => id)));
}

function clusterSpec(cluster: ClusterDocument): ClusterSpec {
  const { id, name, region, version, vpcUuid, clusterSubnet, serviceSubnet, ha } = cluster;
  return { id, name, region, version, vpcUuid, clusterSubnet, serviceSubnet, ha };
}

/** Reads the cluster again: it may have changed, or gone, in the meantime. */
function markReady(cloud: Cloud, clusterId: string, ready: ReadonlySet<string>): void {
  const cluster = clusterCollection(cloud.store).get(clusterId);
  if (cluster === undefined) return;
  const pools = cluster.pools.map((pool) => ({
    ...pool,
    nodes: pool.nodes.map((node) => (ready.has(node.id) ? { ...node, ready: true } : node)),
  }));
  clusterCollection(cloud.store).put(clusterId, { ...cluster, pools, provisioned: true });
}
