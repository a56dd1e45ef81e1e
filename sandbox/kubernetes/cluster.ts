/** One cluster: its control plane, what it holds from the start, its nodes and its controllers. */
import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { KubernetesPrograms } from "../../toolchain/kubernetes.ts";
import { CloudApi, type CloudEndpoint } from "./api/cloud-api.ts";
import type { ClusterController } from "./api/controller.ts";
import { ADMINISTRATOR, bootstrap } from "./bootstrap.ts";
import { ControlPlane } from "./control-plane/control-plane.ts";
import { clusterLayout } from "./control-plane/layout.ts";
import { administratorKubeconfig } from "./kubeconfig.ts";
import { LoadBalancerController } from "./load-balancers/controller.ts";
import { Neo4jController } from "./neo4j/controller.ts";
import type { Neo4jServers } from "./neo4j/servers.ts";
import { followNodes } from "./nodes/follow.ts";
import { OverlookedPods } from "./nodes/overlooked-pods.ts";
import { writeRecord } from "./record.ts";
import {
  type ClusterCredentials,
  type ClusterReport,
  type ClusterSpec,
  type ClusterStatus,
  type CredentialsOptions,
  DEFAULT_TOKEN_SECONDS,
  type NodeSpec,
} from "./runtime.ts";
import { signToken } from "./tokens.ts";
import { unlessAborted } from "./unless-aborted.ts";
import { AttachmentController } from "./volumes/attachments.ts";
import { VolumeController } from "./volumes/controller.ts";

export interface ClusterOptions {
  /** The cluster's own folder. */
  directory: string;
  /** What was asked for last. */
  spec: ClusterSpec;
  /** The port for its API server, the same at every start. */
  choosePort: () => Promise<number>;
  kubernetesVersion: string;
  programs: () => Promise<KubernetesPrograms>;
  cloud: () => CloudEndpoint;
  /** The servers of pods that run Neo4j. */
  neo4j: Neo4jServers;
}

/** A token is handed out again while this share of its life is left: two reads in a row agree, as an owner expects. */
const REUSED_WHILE_LEFT = 6 / 7;

/** What a cluster has while it runs. */
interface Running {
  controlPlane: ControlPlane;
  controllers: ClusterController[];
  /** UID of the administrator's service account. */
  administratorUid: string;
}

/** See the file's comment. Operations on one cluster follow one another. */
export class Cluster {
  private readonly options: ClusterOptions;
  private statusNow: ClusterStatus = "provisioning";
  private message: string | undefined;
  private controlPlane: ControlPlane | undefined;
  private started: Promise<Running> | undefined;
  private abort = new AbortController();
  /** Once set, nothing is started any more. */
  private endReason: string | undefined;
  /** The last operation on the nodes; the next waits for it. */
  private nodesFollowed: Promise<void> = Promise.resolve();
  private busy = 0;
  private controllers: ClusterController[] = [];
  private neo4j: Neo4jController | undefined;
  private readonly tokens = new Map<number, { token: string; expiresAtMs: number }>();

  constructor(options: ClusterOptions) {
    this.options = options;
  }

  get status(): ClusterStatus {
    return this.statusNow;
  }

  /** What was asked for last; counts from the next start on, and for nodes at once. */
  set spec(spec: ClusterSpec) {
    this.options.spec = spec;
  }

  get isIdle(): boolean {
    return this.busy === 0 && this.controllers.every((controller) => controller.isIdle);
  }

  report(): ClusterReport {
    const { id, name } = this.options.spec;
    const troubled = [...(this.controlPlane === undefined ? [] : [this.controlPlane]), ...this.controllers];
    const message = this.message ?? troubled.flatMap(({ trouble }) => trouble).join("; ");
    return {
      id,
      name,
      status: this.statusNow,
      ...(message === "" ? {} : { message }),
      ...(this.controlPlane === undefined ? {} : { server: this.controlPlane.server }),
      processes: this.controlPlane?.running ?? [],
      podServers: this.neo4j?.report() ?? [],
    };
  }

  /** Starts everything, once; rejects when it cannot be started, and may then be called again. */
  async start(): Promise<void> {
    await this.whileBusy(this.ensureStarted());
  }

  /** Ends everything for good and keeps the data. */
  async close(): Promise<void> {
    this.endReason = "the sandbox is being stopped";
    await this.stop();
  }

  /** Ends everything and keeps the data. */
  async stop(): Promise<void> {
    await this.whileBusy(this.shutDown());
  }

  /** Ends everything and removes the data. */
  async delete(): Promise<void> {
    this.endReason = "it is being deleted";
    await this.whileBusy(
      this.shutDown().then(() => rm(this.options.directory, { recursive: true, force: true })),
    );
  }

  /** See {@link import("./runtime.ts").KubernetesRuntime.setNodes}. */
  setNodes(nodes: NodeSpec[]): Promise<void> {
    const followed = this.nodesFollowed
      .catch(() => undefined) // Its own caller was told.
      .then(async () => {
        const { controlPlane } = await this.ensureStarted();
        const { spec, kubernetesVersion } = this.options;
        await followNodes(controlPlane.api, spec, kubernetesVersion, nodes, this.abort.signal);
      });
    this.nodesFollowed = followed;
    return this.whileBusy(followed);
  }

  async kubeconfig(options?: CredentialsOptions): Promise<string> {
    return administratorKubeconfig(this.options.spec, await this.credentials(options));
  }

  async credentials({ expirySeconds = 0 }: CredentialsOptions = {}): Promise<ClusterCredentials> {
    const { controlPlane, administratorUid } = await this.ensureStarted();
    const { token, expiresAtMs } = await this.token(
      controlPlane,
      administratorUid,
      expirySeconds > 0 ? expirySeconds : DEFAULT_TOKEN_SECONDS,
    );
    return {
      server: controlPlane.server,
      certificateAuthorityData: await controlPlane.authorityData(),
      token,
      expiresAt: new Date(expiresAtMs).toISOString().replace(/\.\d+Z$/, "Z"),
    };
  }

  private async token(controlPlane: ControlPlane, uid: string, lifeSeconds: number) {
    const known = this.tokens.get(lifeSeconds);
    if (known !== undefined && known.expiresAtMs - Date.now() > lifeSeconds * 1000 * REUSED_WHILE_LEFT) {
      return known;
    }
    const issuedAt = new Date(Math.floor(Date.now() / 1000) * 1000);
    const key = await controlPlane.serviceAccountKey();
    const made = {
      token: signToken(key, { ...ADMINISTRATOR, uid }, lifeSeconds, issuedAt),
      expiresAtMs: issuedAt.getTime() + lifeSeconds * 1000,
    };
    this.tokens.set(lifeSeconds, made);
    return made;
  }

  private ensureStarted(): Promise<Running> {
    if (this.endReason !== undefined) {
      return Promise.reject(
        new Error(`The cluster ${this.options.spec.name} is not started: ${this.endReason}.`),
      );
    }
    if (this.started === undefined) {
      this.abort = new AbortController();
      this.started = this.bringUp(this.abort.signal);
      // Whoever awaits it is told; a start that nobody awaits any more must not end the daemon.
      this.started.catch(() => undefined);
    }
    return this.started;
  }

  private async bringUp(signal: AbortSignal): Promise<Running> {
    this.statusNow = "provisioning";
    this.message = undefined;
    const { directory, spec, choosePort, programs, cloud } = this.options;
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      const port = await choosePort();
      writeRecord(clusterLayout(directory).record, { spec, port });
      this.controlPlane = new ControlPlane({
        ...spec,
        port,
        directory,
        programs: await unlessAborted(programs(), signal),
      });
      await this.controlPlane.start(signal);
      const { api } = this.controlPlane;
      const administratorUid = await bootstrap(api, spec, signal);
      signal.throwIfAborted();
      const context = { api, cloud: new CloudApi(cloud, signal), cluster: spec };
      this.neo4j = new Neo4jController(context, this.options.neo4j);
      this.controllers = [
        this.neo4j,
        new LoadBalancerController(context),
        new VolumeController(context),
        new AttachmentController(context),
        new OverlookedPods(context),
      ];
      this.statusNow = "running";
      return { controlPlane: this.controlPlane, controllers: this.controllers, administratorUid };
    } catch (error) {
      this.statusNow = "error";
      this.message = error instanceof Error ? error.message : String(error);
      await this.controlPlane?.stop();
      this.controlPlane = undefined;
      this.started = undefined;
      throw error;
    }
  }

  private async shutDown(): Promise<void> {
    this.abort.abort(new Error(`The cluster ${this.options.spec.name} is being stopped.`));
    await this.started?.catch(() => undefined);
    await this.nodesFollowed.catch(() => undefined);
    await Promise.all(this.controllers.map((controller) => controller.close()));
    this.controllers = [];
    this.neo4j = undefined;
    await this.controlPlane?.stop();
    this.controlPlane = undefined;
    this.started = undefined;
    this.statusNow = "provisioning";
  }

  private async whileBusy<T>(operation: Promise<T>): Promise<T> {
    this.busy += 1;
    try {
      return await operation;
    } finally {
      this.busy -= 1;
    }
  }
}
