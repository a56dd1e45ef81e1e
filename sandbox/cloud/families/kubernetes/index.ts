import type { Cloud } from "../../context.ts";
import type { CloudResource, Family, Identity } from "../../family.ts";
import { kubernetesAccount } from "./account.ts";
import { associatedEndpoints } from "./associated.ts";
import { clusterEndpoints } from "./clusters.ts";
import { type ClusterDocument, clusterCollection, clusterIdentity, withPool } from "./model.ts";
import { putWithNodes } from "./nodes.ts";
import { poolEndpoints } from "./pools.ts";
import { provision, provisionAll } from "./provision.ts";

/** Kubernetes clusters: names, pools and sizes here, control planes and nodes in the Kubernetes runtime. */
export const kubernetes: Family = {
  name: "kubernetes",
  endpoints: [...kubernetesAccount, ...clusterEndpoints, ...poolEndpoints, ...associatedEndpoints],
  resources: (store) => clusterCollection(store).list().map(describe),
  forget: async (cloud, gone) => {
    if (gone.kind === "tags") forgetTag(cloud, gone.id);
    if (gone.kind === "droplets") replaceNode(cloud, gone);
    if (gone.kind === "volumes") await cloud.kubernetes.deleteVolume(gone.id);
  },
  resume: provisionAll,
};

function describe(cluster: ClusterDocument): CloudResource {
  return {
    ...clusterIdentity(cluster),
    name: cluster.name,
    createdAt: cluster.createdAt,
    urn: `do:kubernetes:${cluster.id}`,
    uses: [{ kind: "vpcs", id: cluster.vpcUuid }],
  };
}

function forgetTag(cloud: Cloud, tag: string): void {
  const without = (tags: readonly string[]) => tags.filter((each) => each !== tag);
  for (const cluster of clusterCollection(cloud.store).list()) {
    const pools = cluster.pools.map((pool) => ({ ...pool, tags: without(pool.tags) }));
    clusterCollection(cloud.store).put(cluster.id, { ...cluster, tags: without(cluster.tags), pools });
  }
}

/** A node whose droplet somebody deleted is replaced, as the pool's count demands. */
function replaceNode(cloud: Cloud, droplet: Identity): void {
  for (const cluster of clusterCollection(cloud.store).list()) {
    const pool = cluster.pools.find(({ nodes }) =>
      nodes.some((node) => String(node.dropletId) === droplet.id),
    );
    if (pool === undefined) continue;
    const nodes = pool.nodes.filter((node) => String(node.dropletId) !== droplet.id);
    putWithNodes(cloud, withPool(cluster, { ...pool, nodes }));
    provision(cloud, cluster.id);
  }
}
