import { z } from "zod";
import type { Cloud } from "../../context.ts";
import { endpoint } from "../../endpoint.ts";
import { unprocessable } from "../../errors.ts";
import { listOf } from "../../fields.ts";
import { destroyCluster } from "./clusters.ts";
import { requireCluster } from "./model.ts";

const base = "/v2/kubernetes/clusters/{cluster_id}/destroy_with_associated_resources";

/** What a cluster's workloads make in the cloud, by kind. */
const associatedKinds = ["load_balancers", "volumes", "volume_snapshots"];

const list = endpoint({
  method: "GET",
  path: base,
  handle: ({ cloud, params }) => associatedWith(cloud, requireCluster(cloud, params.cluster_id).id),
});

const selective = endpoint({
  method: "DELETE",
  path: `${base}/selective`,
  body: z.strictObject({
    load_balancers: listOf(z.string()),
    volumes: listOf(z.string()),
    volume_snapshots: listOf(z.string()),
  }),
  handle: async ({ cloud, params, body }) => {
    const cluster = requireCluster(cloud, params.cluster_id);
    const known = associatedWith(cloud, cluster.id);
    const foreign = Object.entries(body).flatMap(([kind, ids]) =>
      ids
        .filter((id) => !known[kind]?.some((resource) => resource.id === id))
        .map((id) => `${kind}: ${id} does not belong to the cluster ${cluster.name}`),
    );
    if (foreign.length > 0) throw unprocessable(...foreign);
    await destroyCluster(cloud, cluster);
    for (const [kind, ids] of Object.entries(body)) {
      for (const id of ids) await cloud.destroy({ kind, id });
    }
  },
});

const dangerous = endpoint({
  method: "DELETE",
  path: `${base}/dangerous`,
  handle: async ({ cloud, params }) => {
    const cluster = requireCluster(cloud, params.cluster_id);
    const known = associatedWith(cloud, cluster.id);
    await destroyCluster(cloud, cluster);
    for (const [kind, resources] of Object.entries(known)) {
      for (const { id } of resources) await cloud.destroy({ kind, id });
    }
  },
});

/** Everything that bears the cluster's tag, of the kinds its workloads make. */
function associatedWith(cloud: Cloud, clusterId: string): Record<string, { id: string; name: string }[]> {
  const tagged = cloud.resources().filter(({ tags }) => tags?.includes(`k8s:${clusterId}`));
  return Object.fromEntries(
    associatedKinds.map((kind) => [
      kind,
      tagged.filter((resource) => resource.kind === kind).map(({ id, name }) => ({ id, name })),
    ]),
  );
}

export const associatedEndpoints = [list, selective, dangerous];
