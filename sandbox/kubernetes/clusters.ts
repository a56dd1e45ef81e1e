/** All clusters of one sandbox. */
import path from "node:path";
import type { KubernetesPrograms } from "../../toolchain/kubernetes.ts";
import type { Neo4jPrograms } from "../../toolchain/neo4j.ts";
import { chooseFreePort } from "../ports.ts";
import type { CloudEndpoint } from "./api/cloud-api.ts";
import { Cluster } from "./cluster.ts";
import { clusterLayout } from "./control-plane/layout.ts";
import { Neo4jServers } from "./neo4j/servers.ts";
import { readRecord } from "./record.ts";
import type {
  ClusterReport,
  ClusterSpec,
  ClusterStatus,
  CredentialsOptions,
  KubernetesRuntime,
  KubernetesVersion,
  NodeSpec,
} from "./runtime.ts";

export interface KubernetesRuntimeOptions {
  /** Has one folder a cluster. Made when the first is started; everything in it is private. */
  directory: string;
  /** Has one folder for each volume that a pod here writes onto. */
  volumes: string;
  /** Gets the programs of a control plane. Asked at every start of a cluster: `ensureKubernetes` of the toolchain. */
  programs: () => Promise<KubernetesPrograms>;
  /** Their release of Kubernetes, without a leading `v`: the one on offer. */
  version: string;
  /** The emulated API, for load balancers and volumes. Asked at every call. */
  cloud: () => CloudEndpoint;
  /** Gets Neo4j. Asked when the first client of a pod comes that runs it: `ensureNeo4j` of the toolchain. */
  neo4j: () => Promise<Neo4jPrograms>;
}

export function createKubernetesRuntime(options: KubernetesRuntimeOptions): KubernetesRuntime {
  return new Clusters(options);
}

class Clusters implements KubernetesRuntime {
  readonly versions: readonly KubernetesVersion[];
  private readonly options: KubernetesRuntimeOptions;
  private readonly clusters = new Map<string, Cluster>();
  private readonly neo4j: Neo4jServers;
  private closed = false;
  private readonly ports = new Set<number>();
  /** Ports are chosen one after another, so that no two clusters get the same. */
  private lastChoice: Promise<unknown> = Promise.resolve();

  constructor(options: KubernetesRuntimeOptions) {
    this.options = options;
    this.neo4j = new Neo4jServers(options.volumes, options.neo4j);
    this.versions = [{ slug: `${options.version}-do.0`, kubernetesVersion: options.version }];
  }

  async start(spec: ClusterSpec): Promise<void> {
    if (this.closed)
      throw new Error(`The cluster ${spec.name} is not started: the sandbox is being stopped.`);
    const known = this.clusters.get(spec.id);
    if (known !== undefined) known.spec = spec;
    const cluster = known ?? this.add(spec);
    await cluster.start();
  }

  async stop(clusterId: string): Promise<void> {
    await this.clusters.get(clusterId)?.stop();
  }

  async delete(clusterId: string): Promise<void> {
    const cluster = this.clusters.get(clusterId) ?? this.recorded(clusterId);
    await cluster?.delete();
    this.clusters.delete(clusterId);
  }

  deleteVolume(volumeId: string): Promise<void> {
    return this.neo4j.delete(volumeId);
  }

  setNodes(clusterId: string, nodes: NodeSpec[]): Promise<void> {
    return this.get(clusterId).setNodes(nodes);
  }

  async kubeconfig(clusterId: string, options?: CredentialsOptions): Promise<string> {
    return this.get(clusterId).kubeconfig(options);
  }

  async credentials(clusterId: string, options?: CredentialsOptions) {
    return this.get(clusterId).credentials(options);
  }

  status(clusterId: string): ClusterStatus {
    return this.clusters.get(clusterId)?.status ?? "error";
  }

  report(): ClusterReport[] {
    return [...this.clusters.values()].map((cluster) => cluster.report());
  }

  isIdle(): boolean {
    return [...this.clusters.values()].every((cluster) => cluster.isIdle);
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.clusters.values()].map((cluster) => cluster.close()));
  }

  private get(clusterId: string): Cluster {
    const cluster = this.clusters.get(clusterId);
    if (cluster === undefined) throw new Error(`There is no cluster ${clusterId}: start it first.`);
    return cluster;
  }

  /** A cluster of an earlier run that nobody has started in this one. */
  private recorded(clusterId: string): Cluster | undefined {
    const record = readRecord(this.recordFile(clusterId));
    return record === undefined ? undefined : this.add(record.spec);
  }

  private add(spec: ClusterSpec): Cluster {
    const cluster = new Cluster({
      directory: path.join(this.options.directory, spec.id),
      spec,
      choosePort: () => this.choosePort(spec.id),
      kubernetesVersion: this.kubernetesVersion(spec),
      programs: this.options.programs,
      cloud: this.options.cloud,
      neo4j: this.neo4j,
    });
    this.clusters.set(spec.id, cluster);
    return cluster;
  }

  /** A cluster of an earlier run goes on, on the programs that are here now. */
  private kubernetesVersion({ id, version }: ClusterSpec): string {
    const offered = this.versions.find(({ slug }) => slug === version);
    const existing = readRecord(this.recordFile(id)) === undefined ? undefined : this.versions[0];
    const found = offered ?? existing;
    if (found !== undefined) return found.kubernetesVersion;
    throw new Error(
      `Kubernetes ${version} cannot be run here; on offer: ${this.versions.map(({ slug }) => slug).join(", ")}.`,
    );
  }

  /** The port that the cluster had before, which its kubeconfigs name; else a free one. */
  private choosePort(clusterId: string): Promise<number> {
    const choice = this.lastChoice.then(async () => {
      const port = readRecord(this.recordFile(clusterId))?.port ?? (await chooseFreePort(this.ports));
      this.ports.add(port);
      return port;
    });
    this.lastChoice = choice.catch(() => undefined);
    return choice;
  }

  private recordFile(clusterId: string): string {
    return clusterLayout(path.join(this.options.directory, clusterId)).record;
  }
}
