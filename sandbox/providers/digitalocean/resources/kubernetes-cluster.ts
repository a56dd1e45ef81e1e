import semver from "semver";
import {
  type CheckFailure,
  isPropertyMap,
  type PlainValue,
  type PropertyMap,
  unwrap,
} from "../../kit/index.ts";
import { waitUntil } from "../api/wait.ts";
import {
  boolean,
  type Field,
  type Fields,
  integer,
  list,
  name,
  number,
  object,
  string,
  tags,
} from "../dsl/fields.ts";
import { type Operation, type Operations, type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { pickWire, rest, whenStatus } from "../dsl/rest.ts";
import { cidr } from "../dsl/values.ts";
import { isPlainMap, type PlainMap, toWire } from "../dsl/wire.ts";
import { clusterDocument, defaultPool, unlisted } from "../support/clusters.ts";
import { credentials } from "../support/kubeconfig.ts";
import {
  DEFAULT_POOL_TAG,
  missingNodes,
  node,
  poolBody,
  poolChange,
  poolRules,
  poolSettings,
} from "../support/nodes.ts";

/** A part of the cluster that can be on or off. */
const plugin = (wire?: string): Field =>
  object(
    { enabled: boolean({ required: true }) },
    { computed: true, ...(wire === undefined ? {} : { wire }) },
  );

const DAYS = ["any", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

const nodePool: Fields = {
  ...poolSettings,
  actualNodeCount: integer({ computed: true }),
  id: string({ computed: true }),
  name: string({ required: true, minLength: 1 }),
  nodes: list(node, { computed: true }),
};

const inputs: Fields = {
  amdGpuDeviceMetricsExporterPlugin: plugin(),
  amdGpuDevicePlugin: plugin(),
  autoUpgrade: boolean(),
  clusterAutoscalerConfigurations: list(
    object({
      expanders: list(string({ oneOf: ["random", "priority", "least_waste"] })),
      scaleDownUnneededTime: string(),
      scaleDownUtilizationThreshold: number({ min: 0, max: 1 }),
    }),
    { maxItems: 1 },
  ),
  clusterSubnet: string({ computed: true, replaces: true, rules: [cidr] }),
  controlPlaneFirewall: object(
    { allowedAddresses: list(string(), { required: true }), enabled: boolean({ required: true }) },
    { computed: true },
  ),
  corednsAutoscaler: plugin(),
  destroyAllAssociatedResources: boolean({ default: false, wire: null }),
  ha: boolean({ computed: true }),
  kubeconfigExpireSeconds: integer({ min: 0, wire: null }),
  maintenancePolicy: object(
    {
      day: string({ computed: true, oneOf: DAYS }),
      duration: string({ computed: true }),
      startTime: string({ computed: true, pattern: [/^\d{1,2}:\d{2}$/, 'is no time of day like "04:00"'] }),
    },
    { computed: true },
  ),
  name: name({ pattern: [/^[a-z0-9-]+$/i, "may hold letters, digits and dashes only"] }),
  nodePool: object(nodePool, { required: true }),
  nvidiaGpuDevicePlugin: plugin(),
  p2pOciRegistryPlugin: plugin(),
  rdmaSharedDevicePlugin: plugin("rdma_shared_dev_plugin"),
  region: string({ required: true, replaces: true, offer: "regions" }),
  registryIntegration: boolean({ default: false, wire: "registry_enabled" }),
  routingAgent: plugin(),
  serviceSubnet: string({ computed: true, replaces: true, rules: [cidr] }),
  ssos: list(
    object({
      clientId: string(),
      enabled: boolean({ required: true }),
      issuerUrl: string(),
      required: boolean(),
    }),
    { maxItems: 1 },
  ),
  surgeUpgrade: boolean({ default: true }),
  tags: tags(),
  version: string({ required: true, offer: "kubernetes versions" }),
  vpcUuid: string({ computed: true, replaces: true }),
  workerSubnetUuid: string({ computed: true, zero: true, replaces: true }),
};

/** Properties that a running cluster can change, beside its version, its default pool and its registry. */
const CHANGEABLE = [
  ...["name", "tags", "autoUpgrade", "surgeUpgrade", "ha", "maintenancePolicy", "controlPlaneFirewall"],
  ...["clusterAutoscalerConfigurations", "ssos", "routingAgent", "corednsAutoscaler", "p2pOciRegistryPlugin"],
  ...[
    "amdGpuDevicePlugin",
    "amdGpuDeviceMetricsExporterPlugin",
    "nvidiaGpuDevicePlugin",
    "rdmaSharedDevicePlugin",
  ],
];

function body(news: PlainMap): PlainMap {
  const { node_pool: _pool, registry_enabled: _registry, ...wire } = unlisted(toWire(inputs, news));
  return {
    ...wire,
    node_pools: [poolBody(toWire(poolSettingsAndName, defaultPool(news)), [DEFAULT_POOL_TAG])],
  };
}

const { actualNodeCount: _actual, id: _id, nodes: _nodes, ...poolSettingsAndName } = nodePool;

const isRunning = whenStatus("running", { failed: ["error", "deleted"] });

const collection = rest({
  inputs,
  path: "/v2/kubernetes/clusters",
  one: "kubernetes_cluster",
  many: "kubernetes_clusters",
  body,
  document: clusterDocument,
  ready: (found) => {
    const cluster = isRunning(found);
    if (cluster !== "ready") return cluster;
    const waiting = isPlainMap(found.node_pool) ? missingNodes(found.node_pool) : undefined;
    return waiting === undefined ? "ready" : { waiting };
  },
  goesSlowly: true,
});

const path = (id: string) => `/v2/kubernetes/clusters/${id}`;

/** The account's registry is connected to clusters by a call of its own. */
async function connectRegistry(id: string, connected: boolean, { api, signal }: Operation): Promise<void> {
  const body = { cluster_uuids: [id] };
  if (connected) await api.post("/v2/kubernetes/registry", body, signal);
  else await api.delete("/v2/kubernetes/registry", signal, body);
}

/** Begins an upgrade, once: a second request for the version that the cluster has, or is getting, is refused. */
async function upgrade(
  id: string,
  version: PlainValue | undefined,
  { api, signal }: Operation,
): Promise<void> {
  const lookUp = async (stop: AbortSignal) => {
    const found = (await api.get(path(id), stop)).kubernetes_cluster;
    return isPlainMap(found) && found.version === version ? found : undefined;
  };
  if ((await lookUp(signal)) !== undefined) return;
  await api.create(`${path(id)}/upgrade`, { version: version ?? "" }, lookUp, signal);
}

async function withCredentials(found: PlainMap, known: PlainMap, operation: Operation): Promise<PlainMap> {
  return { ...found, kube_configs: [await credentials(found, known, operation)] };
}

const operations: Operations = {
  create: collection.create,
  async settle(found, news, operation) {
    const running = (await collection.settle?.(found, news, operation)) ?? found.document;
    if (news.registryIntegration === true) await connectRegistry(found.id, true, operation);
    return withCredentials(
      { ...running, registry_enabled: news.registryIntegration ?? false },
      {},
      operation,
    );
  },
  async read(id, known, operation) {
    const found = await collection.read(id, known, operation);
    if (found === undefined) return undefined;
    return found.status === "running" ? withCredentials(found, known, operation) : found;
  },
  async update(id, news, known, operation) {
    const { api, signal } = operation;
    await api.put(path(id), unlisted(pickWire(inputs, news, CHANGEABLE)), signal);
    const pool = isPlainMap(known.nodePool) ? String(known.nodePool.id) : "";
    if (pool !== "") {
      const wire = toWire(poolSettingsAndName, defaultPool(news));
      await api.put(`${path(id)}/node_pools/${pool}`, poolChange(wire, [DEFAULT_POOL_TAG]), signal);
    }
    if (news.version !== known.version) await upgrade(id, news.version, operation);
    if (news.registryIntegration !== known.registryIntegration) {
      await connectRegistry(id, news.registryIntegration === true, operation);
    }
    await collection.settle?.({ id, document: {} }, news, operation);
    return undefined;
  },
  async delete(id, known, operation) {
    const everything = known.destroyAllAssociatedResources === true;
    const target = everything ? `${path(id)}/destroy_with_associated_resources/dangerous` : path(id);
    await operation.api.delete(
      target,
      operation.signal,
      undefined,
      everything ? { "x-dangerous": "true" } : {},
    );
    await waitUntil(
      async () => ((await collection.read(id, known, operation)) === undefined ? true : undefined),
      {
        what: `cluster ${id} to be gone`,
        timeoutMs: operation.timeoutMs,
        signal: operation.signal,
      },
    );
  },
};

function rules(checked: PropertyMap): CheckFailure[] {
  const pool = unwrap(checked.nodePool);
  return isPropertyMap(pool) ? poolRules(["nodePool"], pool) : [];
}

function isOlder(version: string, than: string): boolean {
  const [one, other] = [semver.coerce(version), semver.coerce(than)];
  return one !== null && other !== null && semver.lt(one, other);
}

/** A managed Kubernetes cluster with its default pool. */
export const kubernetesCluster: ResourceDefinition = {
  token: resourceToken("KubernetesCluster"),
  noun: "a Kubernetes cluster",
  inputs,
  schemaVersion: 3,
  rules,
  // Versions go up only.
  transitions: {
    version: (before, after) => (isOlder(String(after), String(before)) ? "replaces" : undefined),
  },
  timeoutMs: 30 * 60 * 1000,
  outputs: {
    clusterUrn: string({ wire: "urn" }),
    createdAt: string(),
    endpoint: string(),
    ipv4Address: string(),
    kubeConfigs: list(
      object({
        clientCertificate: string(),
        clientKey: string(),
        clusterCaCertificate: string(),
        expiresAt: string(),
        host: string(),
        rawConfig: string(),
        token: string(),
      }),
      { secret: true },
    ),
    status: string(),
    updatedAt: string(),
  },
  operations,
};
