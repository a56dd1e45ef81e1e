import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Cloud } from "../../context.ts";
import { endpoint, TextBody } from "../../endpoint.ts";
import { preconditionFailed, refuseIfAny, unprocessable } from "../../errors.ts";
import { assignToProject } from "../projects.ts";
import { ensureTags } from "../tags.ts";
import { requireVpc } from "../vpcs.ts";
import {
  clusterProblems,
  createClusterBody,
  defaultSubnets,
  isHighlyAvailableByDefault,
  resolveVersion,
  settingsOf,
  updateClusterBody,
} from "./cluster-request.ts";
import {
  type ClusterDocument,
  clusterCollection,
  clusterIdentity,
  putCluster,
  requireCluster,
} from "./model.ts";
import { putWithNodes, removeNodes } from "./nodes.ts";
import { newPool, poolProblems, withoutSystemTags } from "./pool-request.ts";
import { presentCluster, stateOf } from "./present.ts";
import { provision } from "./provision.ts";

const clusters = "/v2/kubernetes/clusters";
const cluster = `${clusters}/{cluster_id}` as const;

const expiry = z.object({ expiry_seconds: z.coerce.number().int().min(0).default(0) });

const list = endpoint({
  method: "GET",
  path: clusters,
  handle: ({ cloud, page }) =>
    page(
      "kubernetes_clusters",
      clusterCollection(cloud.store)
        .list()
        .map((each) => presentCluster(cloud, each)),
    ),
});

const create = endpoint({
  method: "POST",
  path: clusters,
  body: createClusterBody,
  handle: ({ cloud, body }) => ({
    kubernetes_cluster: presentCluster(cloud, createCluster(cloud, body)),
  }),
});

const read = endpoint({
  method: "GET",
  path: cluster,
  handle: ({ cloud, params }) => ({
    kubernetes_cluster: presentCluster(cloud, requireCluster(cloud, params.cluster_id)),
  }),
});

const update = endpoint({
  method: "PUT",
  path: cluster,
  status: 202,
  body: updateClusterBody,
  handle: ({ cloud, params, body }) => {
    const before = requireCluster(cloud, params.cluster_id);
    const others = clusterCollection(cloud.store)
      .list()
      .filter(({ id }) => id !== before.id);
    refuseIfAny(
      others.some(({ name }) => name === body.name)
        ? `name: a cluster named ${body.name} already exists in this account`
        : undefined,
      before.ha && body.ha === false
        ? "ha: a highly available control plane cannot be turned back"
        : undefined,
    );
    const tags = body.tags === undefined ? before.tags : withoutSystemTags(body.tags);
    ensureTags(cloud, tags);
    const after = putCluster(cloud, {
      ...before,
      name: body.name,
      tags,
      maintenancePolicy: body.maintenance_policy ?? before.maintenancePolicy,
      autoUpgrade: body.auto_upgrade ?? before.autoUpgrade,
      surgeUpgrade: body.surge_upgrade ?? before.surgeUpgrade,
      ha: body.ha ?? before.ha,
      settings: { ...before.settings, ...settingsOf(body) },
    });
    provision(cloud, after.id);
    return { kubernetes_cluster: presentCluster(cloud, after) };
  },
});

const remove = endpoint({
  method: "DELETE",
  path: cluster,
  handle: ({ cloud, params }) => destroyCluster(cloud, requireCluster(cloud, params.cluster_id)),
});

const kubeconfig = endpoint({
  method: "GET",
  path: `${cluster}/kubeconfig`,
  query: expiry,
  handle: async ({ cloud, params, query }) => {
    const { id } = requireProvisioned(cloud, params.cluster_id);
    const options = { expirySeconds: query.expiry_seconds };
    return new TextBody("application/yaml", await cloud.kubernetes.kubeconfig(id, options));
  },
});

const credentials = endpoint({
  method: "GET",
  path: `${cluster}/credentials`,
  query: expiry,
  handle: async ({ cloud, params, query }) => {
    const { id } = requireProvisioned(cloud, params.cluster_id);
    const given = await cloud.kubernetes.credentials(id, { expirySeconds: query.expiry_seconds });
    return {
      server: given.server,
      certificate_authority_data: given.certificateAuthorityData,
      client_certificate_data: null,
      client_key_data: null,
      token: given.token,
      expires_at: given.expiresAt,
    };
  },
});

const user = endpoint({
  method: "GET",
  path: `${cluster}/user`,
  handle: ({ cloud, params }) => {
    requireCluster(cloud, params.cluster_id);
    return { kubernetes_cluster_user: { username: "sandbox@example.com", groups: ["k8saas:authenticated"] } };
  },
});

const upgrades = endpoint({
  method: "GET",
  path: `${cluster}/upgrades`,
  handle: ({ cloud, params }) => {
    const newer = newerVersions(cloud, requireCluster(cloud, params.cluster_id));
    return { available_upgrade_versions: newer.length === 0 ? null : newer.map(presentVersion) };
  },
});

const upgrade = endpoint({
  method: "POST",
  path: `${cluster}/upgrade`,
  status: 202,
  body: z.strictObject({ version: z.string() }),
  handle: ({ cloud, params, body }) => {
    const before = requireProvisioned(cloud, params.cluster_id);
    const newer = newerVersions(cloud, before).map(({ slug }) => slug);
    if (!newer.includes(body.version)) {
      const choice =
        newer.length === 0 ? "nothing newer is on offer" : `it can be upgraded to ${newer.join(", ")}`;
      throw unprocessable(`version: ${before.name} runs ${before.version}; ${choice}`);
    }
    putCluster(cloud, { ...before, version: body.version });
    provision(cloud, before.id);
  },
});

const statusMessages = endpoint({
  method: "GET",
  path: `${cluster}/status_messages`,
  handle: ({ cloud, params }) => {
    const { message } = stateOf(cloud, requireCluster(cloud, params.cluster_id));
    return { messages: message === undefined ? [] : [{ message, timestamp: cloud.timestamp() }] };
  },
});

/** A version as the API shows it. */
export function presentVersion(version: {
  readonly slug: string;
  readonly kubernetesVersion: string;
}): object {
  return {
    slug: version.slug,
    kubernetes_version: version.kubernetesVersion,
    supported_features: [
      "cluster-autoscaler",
      "docr-integration",
      "ha-control-plane",
      "token-authentication",
    ],
  };
}

/** Takes a cluster down: control plane, nodes and their droplets. What its workloads made in the cloud stays. */
export async function destroyCluster(cloud: Cloud, gone: ClusterDocument): Promise<void> {
  await cloud.kubernetes.delete(gone.id);
  const nodes =
    clusterCollection(cloud.store)
      .get(gone.id)
      ?.pools.flatMap((pool) => pool.nodes) ?? [];
  clusterCollection(cloud.store).delete(gone.id);
  await removeNodes(cloud, nodes);
  await cloud.forget(clusterIdentity(gone));
}

function createCluster(cloud: Cloud, body: z.output<typeof createClusterBody>): ClusterDocument {
  const pools = body.node_pools.map(newPool);
  refuseIfAny(
    ...clusterProblems(cloud, body),
    ...pools.flatMap((pool, index) => poolProblems(pool, pools, body.region, `node_pools.${index}.`)),
  );
  const version = resolveVersion(cloud, body.version) ?? body.version;
  const id = randomUUID();
  const at = cloud.timestamp();
  const vpc = requireVpc(cloud, body.region, body.vpc_uuid);
  putWithNodes(cloud, {
    id,
    name: body.name,
    region: body.region,
    version,
    vpcUuid: vpc.id,
    clusterSubnet: body.cluster_subnet ?? defaultSubnets.cluster,
    serviceSubnet: body.service_subnet ?? defaultSubnets.service,
    ha: body.ha ?? isHighlyAvailableByDefault(version),
    tags: body.tags,
    pools,
    maintenancePolicy: body.maintenance_policy ?? { day: "any", start_time: "00:00", duration: "4h0m0s" },
    autoUpgrade: body.auto_upgrade,
    surgeUpgrade: body.surge_upgrade,
    isolatedWorkers: body.isolated_workers,
    registryEnabled: false,
    settings: settingsOf(body),
    createdAt: at,
    createdMs: cloud.now(),
    updatedAt: at,
    provisioned: false,
  });
  ensureTags(cloud, body.tags);
  assignToProject(cloud, `do:kubernetes:${id}`);
  provision(cloud, id);
  return requireCluster(cloud, id);
}

/** @throws ApiError 404, or 412 while there is no control plane that could answer */
function requireProvisioned(cloud: Cloud, id: string): ClusterDocument {
  const found = requireCluster(cloud, id);
  if (!found.provisioned) {
    const { state, message } = stateOf(cloud, found);
    throw preconditionFailed(`The cluster ${found.name} is ${state}${message ? `: ${message}` : ""}`);
  }
  return found;
}

function newerVersions(cloud: Cloud, { version }: ClusterDocument) {
  const { versions } = cloud.kubernetes;
  const current = versions.findIndex(({ slug }) => slug === version);
  return versions.slice(0, Math.max(0, current));
}

export const clusterEndpoints = [
  list,
  create,
  read,
  update,
  remove,
  kubeconfig,
  credentials,
  user,
  upgrades,
  upgrade,
  statusMessages,
];
