/** The kubelet's part for pods that run Neo4j: each that has its volume gets a real server. */
import type { V1Pod } from "@kubernetes/client-node";
import { neo4jVersion } from "../../../toolchain/neo4j.ts";
import { type ClusterController, type ControllerContext, Reconciler } from "../api/controller.ts";
import { objectKey } from "../api/informer.ts";
import type { Outcome } from "../api/work-queue.ts";
import type { PodServerReport } from "../runtime.ts";
import { DATA_FOLDER, environmentOf, imageStart, isCommunity, neo4jContainer } from "./image.ts";
import { blockStorageAt, mountedFiles } from "./mounts.ts";
import type { Neo4jServer } from "./server.ts";
import type { Neo4jServers } from "./servers.ts";

/** See the file's comment. */
export class Neo4jController implements ClusterController {
  private readonly context: ControllerContext;
  private readonly servers: Neo4jServers;
  private readonly pods: Reconciler<V1Pod>;
  /** By the key of the pod. */
  private readonly served = new Map<string, { readonly uid: string; readonly server: Neo4jServer }>();
  private readonly absent = new Map<string, PodServerReport>();

  constructor(context: ControllerContext, servers: Neo4jServers) {
    this.context = context;
    this.servers = servers;
    this.pods = new Reconciler<V1Pod>({
      context,
      component: "kubelet",
      kind: "Pod",
      path: "/api/v1/pods",
      failureReason: "Failed",
      reconcile: (pod) => this.reconcile(pod),
      reconcileGone: (key) => this.release(key),
    });
  }

  get isIdle(): boolean {
    return this.pods.isIdle;
  }

  get trouble(): string[] {
    return this.pods.trouble;
  }

  report(): PodServerReport[] {
    const served = [...this.served.values()].flatMap(({ server }) => server.report() ?? []);
    return [...served, ...this.absent.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  async close(): Promise<void> {
    await this.pods.close();
    await Promise.all([...this.served.keys()].map((key) => this.release(key)));
  }

  private async reconcile(pod: V1Pod): Promise<Outcome> {
    const container = neo4jContainer(pod);
    if (container === undefined) return;
    const key = objectKey(pod);
    const uid = pod.metadata?.uid ?? "";
    const runs = pod.status?.phase === "Running" && pod.metadata?.deletionTimestamp === undefined;
    if (this.served.get(key)?.uid === uid && runs) return;
    await this.release(key);
    if (!runs) return;
    const { image = "" } = container;
    const version = neo4jVersion();
    if (!isCommunity(image, version)) {
      const message = `no server runs in it: the sandbox has Neo4j ${version} community, not ${image}`;
      this.absent.set(key, { name: key, status: "absent", message, processes: [] });
      return;
    }
    const { api } = this.context;
    const server = this.servers.on(await blockStorageAt(api, pod, container, DATA_FOLDER));
    await server.serve({
      uid,
      name: key,
      start: async () => {
        const files = await mountedFiles(api, pod, container);
        return { ...imageStart(environmentOf(pod, container), files), files };
      },
    });
    this.served.set(key, { uid, server });
  }

  private async release(key: string): Promise<Outcome> {
    this.absent.delete(key);
    const known = this.served.get(key);
    this.served.delete(key);
    await known?.server.release(known.uid);
    return undefined;
  }
}
