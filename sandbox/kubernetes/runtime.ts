/**
 * What the emulated cloud asks of Kubernetes: a control plane per cluster, and nodes in it.
 * The routes of `/v2/kubernetes` own names, pools and sizes; this runtime owns processes and what runs in them.
 */

/** A version on offer: DOKS's slug and the release of Kubernetes behind it. */
export interface KubernetesVersion {
  /** As the API lists it, e.g. `1.36.3-do.0`. */
  readonly slug: string;
  /** As the API server reports it without its `v`, e.g. `1.36.3`. */
  readonly kubernetesVersion: string;
}

/** What is fixed when a cluster is created. */
export interface ClusterSpec {
  /** The cluster's UUID; its folder, its credentials and the tag `k8s:<id>` of its volumes and load balancers bear it. */
  id: string;
  name: string;
  /** Slug of the region, e.g. `fra1`. */
  region: string;
  /** Slug of one of {@link KubernetesRuntime.versions}. */
  version: string;
  vpcUuid: string;
  /** Range of pod addresses in CIDR notation. */
  clusterSubnet: string;
  /** Range of service addresses in CIDR notation. */
  serviceSubnet: string;
  /** Highly available control plane. Recorded; one machine has one control plane either way. */
  ha: boolean;
}

export interface NodeTaint {
  key: string;
  value: string;
  /** `NoSchedule`, `PreferNoSchedule` or `NoExecute`. */
  effect: string;
}

/** One worker: a droplet of a node pool, seen from Kubernetes. */
export interface NodeSpec {
  /** UUID of the node in the API. */
  id: string;
  /** Name of the droplet and of the Kubernetes node. */
  name: string;
  dropletId: number;
  poolId: string;
  poolName: string;
  /** Slug of the droplet's size, e.g. `s-2vcpu-4gb`. */
  size: string;
  vcpus: number;
  memoryMib: number;
  diskGib: number;
  gpu?: { brand: "nvidia" | "amd"; model: string; count: number };
  region: string;
  privateIp: string;
  /** The pool's own labels; DOKS's are added. */
  labels: Record<string, string>;
  /** The pool's own taints; those of GPU nodes are added. */
  taints: NodeTaint[];
  tags: string[];
}

export interface CredentialsOptions {
  /** Life of the token in seconds. Default and 0: {@link DEFAULT_TOKEN_SECONDS}. */
  expirySeconds?: number;
}

/** DOKS hands out tokens for seven days. */
export const DEFAULT_TOKEN_SECONDS = 7 * 24 * 60 * 60;

/** What a client needs to reach a cluster as its administrator. */
export interface ClusterCredentials {
  /** URL of the API server, the same for the life of the cluster. */
  server: string;
  /** PEM of the cluster's certificate authority, in base64. */
  certificateAuthorityData: string;
  token: string;
  /** RFC 3339; the API server refuses the token from then on. */
  expiresAt: string;
}

/** `provisioning` until everything a fresh DOKS cluster has is served; `error` when it cannot be started. */
export type ClusterStatus = "provisioning" | "running" | "error";

/** A pod in which something runs here, or would. */
export interface PodServerReport {
  /** `namespace/name`. */
  name: string;
  /** `asleep` until its first client comes, and when there was none for a while; `absent` where nothing can run. */
  status: "asleep" | "starting" | "running" | "error" | "absent";
  /** Host and port; absent where nothing can run. */
  address?: string;
  message?: string;
  processes: { name: string; pid: number; restarts: number }[];
}

/** How a cluster does, for people and for the daemon's status. */
export interface ClusterReport {
  id: string;
  name: string;
  status: ClusterStatus;
  /** Why the status is what it is, when there is something to say; the cause of an `error`. */
  message?: string;
  server?: string;
  processes: { name: string; pid: number; restarts: number }[];
  podServers: PodServerReport[];
}

/** Starts, keeps and ends control planes. Every method may be called again with the same arguments. */
export interface KubernetesRuntime {
  /** Newest first. */
  readonly versions: readonly KubernetesVersion[];
  /**
   * Starts a cluster's control plane, or resumes it on its own ports with its own data after a restart of the daemon.
   * Resolves when it is ready. Rejects (and {@link status} says `error`) when it cannot be.
   */
  start(spec: ClusterSpec): Promise<void>;
  /** Ends the processes and keeps the data. */
  stop(clusterId: string): Promise<void>;
  /** Ends the processes and removes the data. Load balancers and volumes of the cluster (tag `k8s:<id>`) stay in the API. */
  delete(clusterId: string): Promise<void>;
  /**
   * Makes the nodes of a cluster those given: new ones join, changed ones are updated, others are cordoned and removed.
   * Resolves when all are Ready. Waits for a cluster that is still starting.
   */
  setNodes(clusterId: string, nodes: NodeSpec[]): Promise<void>;
  /** A kubeconfig as DOKS writes it, in YAML. Waits for a cluster that is still starting. */
  kubeconfig(clusterId: string, options?: CredentialsOptions): Promise<string>;
  credentials(clusterId: string, options?: CredentialsOptions): Promise<ClusterCredentials>;
  /** Removes what pods have written onto a volume that is gone. */
  deleteVolume(volumeId: string): Promise<void>;
  /** `error` for a cluster that was never started here. */
  status(clusterId: string): ClusterStatus;
  /** Every cluster known to this process. */
  report(): ClusterReport[];
  /** Whether no cluster is starting, stopping or waiting for the cloud. */
  isIdle(): boolean;
  /** Stops every cluster, keeping the data. */
  close(): Promise<void>;
}
