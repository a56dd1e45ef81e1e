import type { Cloud } from "../../context.ts";
import { findDroplet, statusOf } from "../droplets/model.ts";
import { findSize } from "../sizes.ts";
import { type ClusterDocument, type NodeDocument, type NodePoolDocument, systemTags } from "./model.ts";

/** A cluster as the API shows it. */
export function presentCluster(cloud: Cloud, cluster: ClusterDocument): object {
  const report = cloud.kubernetes.report().find(({ id }) => id === cluster.id);
  return {
    id: cluster.id,
    name: cluster.name,
    region: cluster.region,
    version: cluster.version,
    cluster_subnet: cluster.clusterSubnet,
    service_subnet: cluster.serviceSubnet,
    vpc_uuid: cluster.vpcUuid,
    ipv4: report?.server === undefined ? "" : new URL(report.server).hostname,
    endpoint: report?.server ?? "",
    tags: [...systemTags(cluster.id), ...cluster.tags],
    node_pools: cluster.pools.map((pool) => presentPool(cloud, cluster, pool)),
    maintenance_policy: cluster.maintenancePolicy,
    auto_upgrade: cluster.autoUpgrade,
    surge_upgrade: cluster.surgeUpgrade,
    isolated_workers: cluster.isolatedWorkers,
    ha: cluster.ha,
    registry_enabled: cluster.registryEnabled,
    ...defaultSettings(cluster),
    ...cluster.settings,
    status: stateOf(cloud, cluster),
    created_at: cluster.createdAt,
    updated_at: cluster.updatedAt,
  };
}

/** A node pool as the API shows it. */
export function presentPool(cloud: Cloud, cluster: ClusterDocument, pool: NodePoolDocument): object {
  return {
    id: pool.id,
    name: pool.name,
    size: pool.size,
    count: pool.count,
    tags: [...systemTags(cluster.id), "k8s:worker", ...pool.tags],
    labels: Object.keys(pool.labels).length === 0 ? null : pool.labels,
    taints: pool.taints,
    auto_scale: pool.autoScale,
    min_nodes: pool.minNodes,
    max_nodes: pool.maxNodes,
    nodes: pool.nodes.map((node) => presentNode(cloud, node)),
  };
}

/** `provisioning` until control plane and nodes are there, `error` when they cannot be had, else `running`. */
export function stateOf(cloud: Cloud, cluster: ClusterDocument): { state: string; message?: string } {
  const report = cloud.kubernetes.report().find(({ id }) => id === cluster.id);
  if (report?.status === "error") return { state: "error", message: report.message ?? "" };
  if (cluster.provisioned && cloud.settled(cluster.createdMs)) return { state: "running" };
  return { state: "provisioning", ...(report?.message === undefined ? {} : { message: report.message }) };
}

function presentNode(cloud: Cloud, node: NodeDocument): object {
  const droplet = findDroplet(cloud, node.dropletId);
  const active = droplet !== undefined && statusOf(cloud, droplet) !== "new";
  return {
    id: node.id,
    name: node.name,
    status: { state: node.ready && active ? "running" : "provisioning" },
    droplet_id: String(node.dropletId),
    created_at: node.createdAt,
    updated_at: node.createdAt,
  };
}

/** The device plugins of a GPU brand are on as soon as a pool has such GPUs. */
function defaultSettings(cluster: ClusterDocument): object {
  const has = (brand: string) => cluster.pools.some((pool) => findSize(pool.size)?.gpu?.brand === brand);
  return {
    control_plane_firewall: { enabled: false, allowed_addresses: [] },
    // The autoscaler's own defaults are not told: clients would take them for settings somebody made.
    cluster_autoscaler_configuration: null,
    routing_agent: { enabled: false },
    p2p_oci_registry_plugin: { enabled: false },
    amd_gpu_device_plugin: { enabled: has("amd") },
    amd_gpu_device_metrics_exporter_plugin: { enabled: false },
    nvidia_gpu_device_plugin: { enabled: has("nvidia") },
    rdma_shared_dev_plugin: { enabled: false },
    coredns_autoscaler: { enabled: false },
  };
}
