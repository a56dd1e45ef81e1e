/** The five processes of one cluster, from the first certificate to the last signal. */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { KubernetesPrograms } from "../../../toolchain/kubernetes.ts";
import { becomesFree } from "../../ports.ts";
import { killProcesses, listProcesses, processesOf } from "../../processes/processes.ts";
import { type RunningProcess, SupervisedProcess } from "../../processes/supervised-process.ts";
import { addressInRange } from "../../ranges.ts";
import { KubeApi } from "../api/kube-api.ts";
import { base64, componentKubeconfig } from "../kubeconfig.ts";
import type { ClusterCertificates } from "./certificates.ts";
import { kwokConfig } from "./kwok-config.ts";
import { type ClusterLayout, clusterLayout, type KubeconfigUser, type PkiFile } from "./layout.ts";
import {
  apiServerCommand,
  type CommandContext,
  controllerManagerCommand,
  etcdCommand,
  kwokCommand,
  schedulerCommand,
} from "./programs.ts";

const READY_WITHIN_MS = 180_000;
const PORT_FREE_WITHIN_MS = 2_000;
const POLL_MS = 25;
/** A program that dies this often before the cluster is ready will not come up. */
const DEATHS_BEFORE_GIVING_UP = 5;
const API_SERVER_GRACE_MS = 1_000;
const ETCD_GRACE_MS = 3_000;

export interface ControlPlaneOptions {
  id: string;
  /** The cluster's folder. */
  directory: string;
  programs: KubernetesPrograms;
  /** Port of the API server on 127.0.0.1. */
  port: number;
  clusterSubnet: string;
  serviceSubnet: string;
}

/** See the file's comment. */
export class ControlPlane {
  readonly server: string;
  private readonly options: ControlPlaneOptions;
  private readonly layout: ClusterLayout;
  private processes: SupervisedProcess[] = [];
  private client: KubeApi | undefined;

  constructor(options: ControlPlaneOptions) {
    this.options = options;
    this.layout = clusterLayout(options.directory);
    this.server = `https://127.0.0.1:${options.port}`;
  }

  /** Everything that runs, for reports. */
  get running(): RunningProcess[] {
    return this.processes.flatMap(({ running }) => running);
  }

  /** Programs that died and are not back yet, for people. */
  get trouble(): string[] {
    return this.processes.flatMap(({ trouble }) => trouble ?? []);
  }

  /** A client with all rights. Only after {@link start}. */
  get api(): KubeApi {
    if (this.client === undefined) throw new Error(`The cluster ${this.options.id} is not running.`);
    return this.client;
  }

  /** PEM of the cluster's authority. */
  authority(): Promise<string> {
    return readFile(this.layout.pkiFile("ca.crt"), "utf8");
  }

  /** The authority in the form that kubeconfigs take. */
  async authorityData(): Promise<string> {
    return base64(await this.authority());
  }

  /** PEM of the key that signs service accounts' tokens. */
  serviceAccountKey(): Promise<string> {
    return readFile(this.layout.pkiFile("service-account.key"), "utf8");
  }

  /**
   * Starts the processes and resolves when the API server is ready.
   * @throws when the port is taken, when a program keeps dying, when `signal` is aborted, or after three minutes
   */
  async start(signal: AbortSignal): Promise<void> {
    await this.endLeftovers();
    if (!(await becomesFree(this.options.port, PORT_FREE_WITHIN_MS))) {
      throw new Error(
        `Port ${this.options.port} on 127.0.0.1, which the kubeconfigs of cluster ${this.options.id} name, is taken by another program. ` +
          "End that program (`ss -ltnp` names it) and start the sandbox again, or give the cluster up with `platform sandbox reset`.",
      );
    }
    await this.writeFiles();
    this.client = new KubeApi({
      server: this.server,
      authority: await this.authority(),
      clientCertificate: {
        certificate: await readFile(this.layout.pkiFile("administrator.crt"), "utf8"),
        key: await readFile(this.layout.pkiFile("administrator.key"), "utf8"),
      },
    });
    this.processes = this.describeProcesses();
    const [etcd, apiServer, ...clients] = this.processes;
    etcd?.start();
    apiServer?.start();
    await this.untilReady(this.client, signal);
    // Not before: they would find it unready and look again only seconds later, and take the cores it starts on.
    for (const client of clients) client.start();
  }

  /** Ends the processes: the API server before its store, or it would wait for it for minutes. */
  async stop(): Promise<void> {
    const [etcd, apiServer, ...clients] = this.processes;
    this.processes = [];
    await Promise.all([apiServer?.stop(API_SERVER_GRACE_MS), ...clients.map((process) => process.stop(0))]);
    await etcd?.stop(ETCD_GRACE_MS);
    await this.client?.close();
    this.client = undefined;
  }

  /** Ends what an earlier run left, so that its port and files are free. */
  async endLeftovers(): Promise<void> {
    const { directory, programs } = this.options;
    const names = [
      programs.etcd,
      programs.apiServer,
      programs.controllerManager,
      programs.scheduler,
      programs.kwok,
    ];
    const leftovers = processesOf(await listProcesses(), directory, names);
    await killProcesses(leftovers.map(({ pid }) => pid));
  }

  private describeProcesses(): SupervisedProcess[] {
    const { programs, port, clusterSubnet, serviceSubnet, directory } = this.options;
    const context: CommandContext = { programs, layout: this.layout, port, clusterSubnet, serviceSubnet };
    const commands = {
      etcd: etcdCommand,
      "kube-apiserver": apiServerCommand,
      "kube-controller-manager": controllerManagerCommand,
      "kube-scheduler": schedulerCommand,
      kwok: kwokCommand,
    };
    return Object.entries(commands).map(
      ([name, command]) =>
        new SupervisedProcess({
          name,
          command: command(context),
          workingDirectory: directory,
          logFile: this.layout.logFile(name),
        }),
    );
  }

  private async untilReady(api: KubeApi, signal: AbortSignal): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    while ((await api.probe("/readyz")) !== 200) {
      signal.throwIfAborted();
      const dying = this.processes.find((process) => process.restarts >= DEATHS_BEFORE_GIVING_UP);
      if (dying !== undefined) throw new Error(`The control plane cannot run. ${dying.describeFailure()}`);
      if (Date.now() > deadline) {
        throw new Error(
          `The API server at ${this.server} is not ready after ${READY_WITHIN_MS / 1000} s. Its logs are in ${this.layout.log}.`,
        );
      }
      await delay(POLL_MS);
    }
  }

  /** Writes what the programs read, but keeps the certificates of an earlier start: kubeconfigs name their authority. */
  private async writeFiles(): Promise<void> {
    const { layout } = this;
    await mkdir(layout.log, { recursive: true, mode: 0o700 });
    await mkdir(layout.etcdData, { recursive: true, mode: 0o700 });
    await writeFile(layout.kwokConfig, kwokConfig(), { mode: 0o600 });
    // Written last when they are made, so their presence means that all of them are there.
    if (await isReadable(layout.kubeconfig("administrator"))) return;
    await rm(layout.pki, { recursive: true, force: true });
    await mkdir(layout.pki, { recursive: true, mode: 0o700 });
    // Loaded for a new cluster only: the library is of no use to a daemon that resumes what it has.
    const { createCertificates } = await import("./certificates.ts");
    await this.writeCertificates(
      await createCertificates({
        dnsNames: [
          "localhost",
          "kubernetes",
          "kubernetes.default",
          "kubernetes.default.svc",
          "kubernetes.default.svc.cluster.local",
          `${this.options.id}.k8s.ondigitalocean.com`,
        ],
        ipAddresses: ["127.0.0.1", addressInRange(this.options.serviceSubnet, 1)],
      }),
    );
  }

  private async writeCertificates(certificates: ClusterCertificates): Promise<void> {
    const { authority, serving, frontProxyAuthority, frontProxyClient, administrator, serviceAccount } =
      certificates;
    const files: Record<PkiFile, string> = {
      "ca.crt": authority.certificate,
      "ca.key": authority.key,
      "apiserver.crt": serving.certificate,
      "apiserver.key": serving.key,
      "front-proxy-ca.crt": frontProxyAuthority.certificate,
      "front-proxy-client.crt": frontProxyClient.certificate,
      "front-proxy-client.key": frontProxyClient.key,
      "administrator.crt": administrator.certificate,
      "administrator.key": administrator.key,
      "service-account.key": serviceAccount.privateKey,
      "service-account.pub": serviceAccount.publicKey,
    };
    for (const [name, content] of Object.entries(files)) {
      await writeFile(this.layout.pkiFile(name as PkiFile), content, { mode: 0o600 });
    }
    const users: [KubeconfigUser, typeof administrator][] = [
      ["controller-manager", certificates.controllerManager],
      ["scheduler", certificates.scheduler],
      ["administrator", administrator],
    ];
    for (const [userName, clientCertificate] of users) {
      const kubeconfig = componentKubeconfig({
        server: this.server,
        authority: authority.certificate,
        userName,
        clientCertificate,
      });
      await writeFile(this.layout.kubeconfig(userName), kubeconfig, { mode: 0o600 });
    }
  }
}

async function isReadable(file: string): Promise<boolean> {
  try {
    return (await readFile(file, "utf8")) !== "";
  } catch {
    return false;
  }
}
