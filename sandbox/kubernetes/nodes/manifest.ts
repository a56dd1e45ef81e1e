/** A DOKS worker as a Kubernetes object: what kubelet and the cloud controller would have written. */
import type { V1Node, V1Taint } from "@kubernetes/client-node";
import type { ClusterSpec, NodeSpec, NodeTaint } from "../runtime.ts";
import { STORAGE_DRIVER } from "../volumes/storage-classes.ts";
import { GPU_RESOURCES, nodeResources } from "./capacity.ts";

const DOKS_LABEL_PREFIX = "doks.digitalocean.com/";

/** The pool's taints as they were put on the node last: those that a pool has lost are taken off, others' are not. */
const APPLIED_TAINTS_ANNOTATION = "whisper-sandbox/applied-taints";
const PROVIDER_ID_PREFIX = "digitalocean://";

/** The droplet that a node is; undefined for a node of another making. */
export function dropletIdOf(node: V1Node): number | undefined {
  const providerId = node.spec?.providerID ?? "";
  const id = Number(providerId.slice(PROVIDER_ID_PREFIX.length));
  return providerId.startsWith(PROVIDER_ID_PREFIX) && Number.isInteger(id) ? id : undefined;
}

/** DOKS's labels on a worker, over the pool's own. */
export function nodeLabels(cluster: ClusterSpec, node: NodeSpec): Record<string, string> {
  return {
    ...node.labels,
    "beta.kubernetes.io/arch": "amd64",
    "beta.kubernetes.io/instance-type": node.size,
    "beta.kubernetes.io/os": "linux",
    "failure-domain.beta.kubernetes.io/region": node.region,
    "kubernetes.io/arch": "amd64",
    "kubernetes.io/hostname": node.name,
    "kubernetes.io/os": "linux",
    "node.kubernetes.io/instance-type": node.size,
    region: node.region,
    "topology.kubernetes.io/region": node.region,
    [`${DOKS_LABEL_PREFIX}managed`]: "true",
    [`${DOKS_LABEL_PREFIX}node-id`]: node.id,
    [`${DOKS_LABEL_PREFIX}node-pool`]: node.poolName,
    [`${DOKS_LABEL_PREFIX}node-pool-id`]: node.poolId,
    [`${DOKS_LABEL_PREFIX}version`]: cluster.version,
    ...(node.gpu === undefined
      ? {}
      : {
          [`${DOKS_LABEL_PREFIX}gpu-brand`]: node.gpu.brand,
          [`${DOKS_LABEL_PREFIX}gpu-model`]: node.gpu.model,
        }),
  };
}

/** The pool's taints, and the one that keeps pods without a need for it off a GPU. */
export function nodeTaints(node: NodeSpec): V1Taint[] {
  const taints: NodeTaint[] = [...node.taints];
  if (node.gpu !== undefined) {
    const key = GPU_RESOURCES[node.gpu.brand];
    if (!taints.some((taint) => taint.key === key && taint.effect === "NoSchedule")) {
      taints.push({ key, value: "", effect: "NoSchedule" });
    }
  }
  return taints.map(({ key, value, effect }) => (value === "" ? { key, effect } : { key, value, effect }));
}

/**
 * The node object without its status, to be applied.
 * @param existing the node as it is; taints that others put on it are kept
 */
export function nodeManifest(cluster: ClusterSpec, node: NodeSpec, existing?: V1Node): V1Node {
  const taints = nodeTaints(node);
  const applied: V1Taint[] = JSON.parse(existing?.metadata?.annotations?.[APPLIED_TAINTS_ANNOTATION] ?? "[]");
  const isOurs = (taint: V1Taint) =>
    [...applied, ...taints].some(({ key, effect }) => key === taint.key && effect === taint.effect);
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: node.name,
      labels: nodeLabels(cluster, node),
      annotations: {
        "alpha.kubernetes.io/provided-node-ip": node.privateIp,
        "csi.volume.kubernetes.io/nodeid": JSON.stringify({ [STORAGE_DRIVER]: String(node.dropletId) }),
        "volumes.kubernetes.io/controller-managed-attach-detach": "true",
        [APPLIED_TAINTS_ANNOTATION]: JSON.stringify(taints),
      },
    },
    spec: {
      providerID: `${PROVIDER_ID_PREFIX}${node.dropletId}`,
      taints: [...(existing?.spec?.taints ?? []).filter((taint) => !isOurs(taint)), ...taints],
    },
  };
}

/** What kubelet reports; KWOK adds the conditions. */
export function nodeStatus(node: NodeSpec, kubernetesVersion: string): V1Node["status"] {
  const kubeletVersion = `v${kubernetesVersion}`;
  return {
    ...nodeResources(node),
    addresses: [
      { type: "InternalIP", address: node.privateIp },
      { type: "Hostname", address: node.name },
    ],
    nodeInfo: {
      architecture: "amd64",
      bootID: node.id,
      containerRuntimeVersion: "containerd://1.7.28",
      kernelVersion: "6.1.0-41-amd64",
      kubeProxyVersion: kubeletVersion,
      kubeletVersion,
      machineID: node.id.replaceAll("-", ""),
      operatingSystem: "linux",
      osImage: "Debian GNU/Linux 12 (bookworm)",
      systemUUID: node.id,
    },
  };
}
