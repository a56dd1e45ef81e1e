import { z } from "zod";
import type { Cloud } from "../../context.ts";
import { endpoint } from "../../endpoint.ts";
import { unprocessable } from "../../errors.ts";
import type { Family } from "../../family.ts";
import { listOf } from "../../fields.ts";
import { loadBalancers } from "../load-balancers/index.ts";
import { snapshots } from "../snapshots.ts";
import { volumes } from "../volumes/index.ts";
import { destroyCluster } from "./clusters.ts";
import { requireCluster } from "./model.ts";

const base = "/v2/kubernetes/clusters/{cluster_id}/destroy_with_associated_resources";

/** What a cluster's workloads make in the cloud, by kind, and the operation that deletes one. */
const associated: Readonly<Record<string, { family: Family; path: string; parameter: string }>> = {
  load_balancers: { family: loadBalancers, path: "/v2/load_balancers/{lb_id}", parameter: "lb_id" },
  volumes: { family: volumes, path: "/v2/volumes/{volume_id}", parameter: "volume_id" },
  volume_snapshots: { family: snapshots, path: "/v2/snapshots/{snapshot_id}", parameter: "snapshot_id" },
};

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
      for (const id of ids) await destroy(cloud, kind, id);
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
      for (const { id } of resources) await destroy(cloud, kind, id);
    }
  },
});

/** Everything that bears the cluster's tag, of the kinds its workloads make. */
function associatedWith(cloud: Cloud, clusterId: string): Record<string, { id: string; name: string }[]> {
  const tagged = cloud.resources().filter(({ tags }) => tags?.includes(`k8s:${clusterId}`));
  return Object.fromEntries(
    Object.keys(associated).map((kind) => [
      kind,
      tagged.filter((resource) => resource.kind === kind).map(({ id, name }) => ({ id, name })),
    ]),
  );
}

async function destroy(cloud: Cloud, kind: string, id: string): Promise<void> {
  const { family, path, parameter } = associated[kind] ?? {};
  const operation = family?.endpoints.find((each) => each.method === "DELETE" && each.path === path);
  if (operation === undefined || parameter === undefined)
    throw new Error(`nothing deletes one of the ${kind}`);
  const url = new URL("https://api.digitalocean.com/");
  await operation.run({ cloud, params: { [parameter]: id }, query: {}, body: undefined, url });
}

export const associatedEndpoints = [list, selective, dangerous];
