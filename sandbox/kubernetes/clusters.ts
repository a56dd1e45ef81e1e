/** All clusters of one sandbox. */
import path from "node:path";
import { kubernetesControlPlane } from "../../toolchain/programs.ts";
import type { CloudEndpoint } from "./api/cloud-api.ts";
import { Cluster } from "./cluster.ts";
import { clusterLayout } from "./control-plane/layout.ts";
import { chooseFreePort } from "./control-plane/ports.ts";
import type { ControlPlanePrograms } from "./control-plane/programs.ts";
import { type ClusterRecord, readRecord } from "./record.ts";
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
  /** Gets the programs of a control plane. Asked at every start of a cluster: `ensureKubernetes` of the toolchain. */
  programs: () => Promise<ControlPlanePrograms>;
  /** The emulated API, for load balancers and volumes. Asked at every call. */
  cloud: () => CloudEndpoint;
}

export function createKubernetesRuntime(options: KubernetesRuntimeOptions): KubernetesRuntime {
  return new Clusters(options);
}

class Clusters implements KubernetesRuntime {
  readonly versions: readonly KubernetesVersion[] = [
    { slug: `${kubernetesControlPlane.version}-do.0`, kubernetesVersion: kubernetesControlPlane.version },
  ];
  private readonly options: KubernetesRuntimeOptions;
  private readonly clusters = new Map<string, Cluster>();
  /** A cluster is looked up or made at most once at a time, so that two calls do not choose two ports. */
  private lastLookup: Promise<unknown> = Promise.resolve();

  constructor(options: KubernetesRuntimeOptions) {
    this.options = options;
  }

  async start(spec: ClusterSpec): Promise<void> {
    const lookup = this.lastLookup.then(() => this.findOrMake(spec));
    this.lastLookup = lookup.catch(() => undefined);
    const cluster = await lookup;
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
    await Promise.all([...this.clusters.values()].map((cluster) => cluster.stop()));
  }

  private get(clusterId: string): Cluster {
    const cluster = this.clusters.get(clusterId);
    if (cluster === undefined) throw new Error(`There is no cluster ${clusterId}: start it first.`);
    return cluster;
  }

  private async findOrMake(spec: ClusterSpec): Promise<Cluster> {
    const known = this.clusters.get(spec.id);
    if (known !== undefined) {
      known.spec = spec;
      return known;
    }
    const recorded = readRecord(this.recordFile(spec.id));
    const port = recorded?.port ?? (await chooseFreePort(new Set(this.ports())));
    return this.add({ spec, port });
  }

  /** A cluster of an earlier run that nobody has started in this one. */
  private recorded(clusterId: string): Cluster | undefined {
    const record = readRecord(this.recordFile(clusterId));
    return record === undefined ? undefined : this.add(record);
  }

  private add(record: ClusterRecord): Cluster {
    const { id, version } = record.spec;
    const offered = this.versions.find(({ slug }) => slug === version);
    if (offered === undefined) {
      throw new Error(
        `Kubernetes ${version} cannot be run here; on offer: ${this.versions.map(({ slug }) => slug).join(", ")}.`,
      );
    }
    const cluster = new Cluster({
      directory: path.join(this.options.directory, id),
      record,
      kubernetesVersion: offered.kubernetesVersion,
      programs: this.options.programs,
      cloud: this.options.cloud,
    });
    this.clusters.set(id, cluster);
    return cluster;
  }

  private ports(): number[] {
    return [...this.clusters.values()].map(({ port }) => port);
  }

  private recordFile(clusterId: string): string {
    return clusterLayout(path.join(this.options.directory, clusterId)).record;
  }
}
