import { z } from "zod";
import { regions } from "../../../../catalog/regions.ts";
import { dropletSizes } from "../../../../catalog/sizes.ts";
import type { Cloud } from "../../context.ts";
import { endpoint } from "../../endpoint.ts";
import { notFound, preconditionFailed } from "../../errors.ts";
import { listOf } from "../../fields.ts";
import { registryCollection } from "../registries/model.ts";
import { presentVersion } from "./clusters.ts";
import { putCluster, requireCluster } from "./model.ts";
import { minimumMemoryMib } from "./pool-request.ts";

const options = endpoint({
  method: "GET",
  path: "/v2/kubernetes/options",
  handle: ({ cloud }) => ({
    options: {
      regions: regions
        .filter(({ available, kubernetes }) => available && kubernetes)
        .map(({ name, slug }) => ({ name, slug })),
      versions: cloud.kubernetes.versions.map(presentVersion),
      sizes: dropletSizes
        .filter(({ memoryMib }) => memoryMib >= minimumMemoryMib)
        .map(({ slug }) => ({ name: slug, slug })),
    },
  }),
});

const clusterList = z.strictObject({ cluster_uuids: listOf(z.string()) });
const registryList = clusterList.extend({ registries: listOf(z.string()) });

/** Lets clusters pull from the account's registries, or no more: the older form means the only registry. */
const registryAccess = (["POST", "DELETE"] as const).flatMap((method) => [
  endpoint({
    method,
    path: "/v2/kubernetes/registry",
    status: 204,
    body: clusterList,
    handle: ({ cloud, body }) => setAccess(cloud, body.cluster_uuids, [], method === "POST"),
  }),
  endpoint({
    method,
    path: "/v2/kubernetes/registries",
    status: 204,
    body: registryList,
    handle: ({ cloud, body }) => setAccess(cloud, body.cluster_uuids, body.registries, method === "POST"),
  }),
]);

function setAccess(
  cloud: Cloud,
  clusterIds: readonly string[],
  registries: readonly string[],
  registryEnabled: boolean,
): void {
  const known = registryCollection(cloud.store).list();
  if (registryEnabled && known.length === 0)
    throw preconditionFailed("The account has no container registry");
  const unknown = registries.find((name) => !known.some((registry) => registry.name === name));
  if (unknown !== undefined) throw notFound(`There is no container registry ${unknown}`);
  const clusters = clusterIds.map((id) => requireCluster(cloud, id));
  for (const cluster of clusters) putCluster(cloud, { ...cluster, registryEnabled });
}

export const kubernetesAccount = [options, ...registryAccess];
