/** One real Neo4j: its address, its process and its files on a volume. It starts with its first client. */
import { chownSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import { neo4j } from "../../../catalog/engines.ts";
import type { Neo4jPrograms } from "../../../toolchain/neo4j.ts";
import { readJson, replaceFile } from "../../home.ts";
import { killProcesses, listProcesses, processesOf } from "../../processes/processes.ts";
import { SupervisedProcess } from "../../processes/supervised-process.ts";
import { Relay } from "../../relay.ts";
import { chooseFreePlace } from "../../stores/place.ts";
import { run, serverOwner } from "../../stores/privileges.ts";
import { hopeOf, whenReachable } from "../../stores/reachable.ts";
import type { PodServerReport } from "../runtime.ts";
import { unlessAborted } from "../unless-aborted.ts";
import { hostConfiguration } from "./configuration.ts";
import { DATA_FOLDER, type ImageStart } from "./image.ts";
import { adminCommand, type ServerFolders, serverCommand } from "./java.ts";

const STOP_GRACE_MS = 10_000;

/** Without a client for so long, it is stopped until the next comes. */
const IDLE_MS = 5 * 60_000;

/** A pod as its server needs it. */
export interface ServedPod {
  readonly uid: string;
  /** `namespace/name`. */
  readonly name: string;
  /** What the image would start it with, and what is mounted, read when it is started. */
  readonly start: () => Promise<ImageStart & { readonly files: ReadonlyMap<string, string> }>;
}

export interface Neo4jServerOptions {
  /** Of the volume: has the data, and what the server is besides. */
  readonly directory: string;
  readonly programs: () => Promise<Neo4jPrograms>;
  /** Default: {@link IDLE_MS}. */
  readonly idleMs?: number;
}

/** Where a volume's server is reached; kept for the volume's life. */
interface Place {
  readonly host: string;
  readonly serverHost: string;
}

/** See the file's comment. Operations follow one another. */
export class Neo4jServer {
  private readonly options: Neo4jServerOptions;
  private readonly files;
  private pod: ServedPod | undefined;
  private place: Place | undefined;
  private relay: Relay | undefined;
  private process: SupervisedProcess | undefined;
  /** Under way or done; absent while it sleeps. */
  private awake: Promise<void> | undefined;
  private isReady = false;
  private failure: string | undefined;
  private clients = 0;
  private idleTimer: NodeJS.Timeout | undefined;
  private abort = new AbortController();
  private last: Promise<void> = Promise.resolve();

  constructor(options: Neo4jServerOptions) {
    this.options = options;
    const file = (...names: string[]) => path.join(options.directory, ...names);
    this.files = {
      data: file("data"),
      home: file("home"),
      configuration: file("home", "conf", "neo4j.conf"),
      mounts: file("home", "mounts"),
      record: file("server.json"),
      log: file("home", "neo4j.log"),
    };
  }

  /** Opens the address on a pod's behalf. Another pod that had the volume before has it no longer. */
  serve(pod: ServedPod): Promise<void> {
    return this.next(async () => {
      if (this.pod?.uid === pod.uid) return;
      await this.end();
      this.abort = new AbortController();
      for (const folder of [this.options.directory, this.files.home])
        mkdirSync(folder, { recursive: true, mode: 0o700 });
      await this.endLeftovers();
      const place = await this.choosePlace();
      const relay = new Relay({
        host: place.host,
        serverHost: place.serverHost,
        port: neo4j.boltPort,
        isOpen: () => true,
        wake: () => this.wake(),
        onClients: (clients) => this.count(clients),
      });
      await relay.listen();
      this.relay = relay;
      this.pod = pod;
    });
  }

  /** Ends it for a pod that is gone, and keeps the data. */
  release(podUid?: string): Promise<void> {
    if (podUid === undefined || this.pod?.uid === podUid) this.abort.abort(new Error("The pod is gone."));
    return this.next(async () => {
      if (podUid === undefined || this.pod?.uid === podUid) await this.end();
    });
  }

  /** Ends it and removes what is on its volume. */
  async delete(): Promise<void> {
    await this.release();
    await rm(this.options.directory, { recursive: true, force: true });
  }

  /** Undefined while there is no pod. */
  report(): PodServerReport | undefined {
    if (this.pod === undefined || this.place === undefined) return undefined;
    const message = this.failure ?? this.process?.trouble;
    return {
      name: this.pod.name,
      status: this.status,
      address: `${this.place.host}:${neo4j.boltPort}`,
      ...(message !== undefined && { message }),
      processes: this.process?.running ?? [],
    };
  }

  private get status(): PodServerReport["status"] {
    if (this.isReady) return "running";
    if (this.awake !== undefined) return "starting";
    return this.failure === undefined ? "asleep" : "error";
  }

  /** However many ask at once, it is started once. @throws when it cannot be */
  private wake(): Promise<void> {
    this.awake ??= this.next(() => this.launch());
    return this.awake;
  }

  private async launch(): Promise<void> {
    const { pod, place } = this;
    const { signal } = this.abort;
    try {
      if (pod === undefined || place === undefined) throw new Error("There is no pod.");
      const programs = await unlessAborted(this.options.programs(), signal);
      const start = await pod.start();
      this.writeFiles(start, place);
      if (start.firstCredentials !== undefined && !this.hasCredentials)
        await this.setFirstPassword(programs, start.firstCredentials.password);
      this.process = new SupervisedProcess({
        name: `neo4j of ${pod.name}`,
        command: serverCommand(programs, this.folders),
        workingDirectory: this.files.home,
        logFile: this.files.log,
      });
      this.process.start();
      await whenReachable(
        () => answers(place.serverHost),
        () => true,
        hopeOf(this.process, signal),
      );
      this.isReady = true;
      this.failure = undefined;
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
      await this.sleep();
      throw error;
    }
  }

  /** Stops the process. Whoever comes from now on waits for that, and starts it again. */
  private async sleep(): Promise<void> {
    this.isReady = false;
    this.awake = undefined;
    const { process } = this;
    this.process = undefined;
    await process?.stop(STOP_GRACE_MS);
  }

  private async end(): Promise<void> {
    clearTimeout(this.idleTimer);
    await this.relay?.close();
    this.relay = undefined;
    await this.sleep();
    this.pod = undefined;
    this.failure = undefined;
  }

  private count(clients: number): void {
    this.clients = clients;
    clearTimeout(this.idleTimer);
    if (clients > 0) return;
    this.idleTimer = setTimeout(() => {
      void this.next(async () => {
        if (this.clients === 0) await this.sleep();
      });
    }, this.options.idleMs ?? IDLE_MS).unref();
  }

  private get folders(): ServerFolders {
    return { home: this.files.home, configuration: path.dirname(this.files.configuration) };
  }

  private get hasCredentials(): boolean {
    return existsSync(path.join(this.files.data, "dbms", "auth.ini"));
  }

  /** Neo4j reads it once, when it makes its users. By way of a file: everybody may read a process's arguments. */
  private async setFirstPassword(programs: Neo4jPrograms, password: string): Promise<void> {
    const file = path.join(this.files.home, "first-password");
    replaceFile(file, password);
    try {
      const args = ["dbms", "set-initial-password", `@${file}`];
      await run(adminCommand(programs, this.folders, args), this.files.home);
    } finally {
      rmSync(file, { force: true });
    }
  }

  private writeFiles(
    { settings, files }: ImageStart & { readonly files: ReadonlyMap<string, string> },
    { serverHost }: Place,
  ): void {
    const { data, home, configuration, mounts } = this.files;
    // What a pod had before is none of this one's.
    rmSync(mounts, { recursive: true, force: true });
    const folders = new Map([[DATA_FOLDER, data]]);
    for (const [inContainer, text] of files) {
      const file = path.join(mounts, inContainer);
      mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
      replaceFile(file, text);
      folders.set(path.dirname(inContainer), path.dirname(file));
    }
    mkdirSync(path.dirname(configuration), { recursive: true, mode: 0o700 });
    replaceFile(configuration, hostConfiguration(settings, { host: serverHost, home, folders }));
    for (const own of [data, path.join(home, "run")]) {
      mkdirSync(own, { recursive: true, mode: 0o700 });
      if (serverOwner !== undefined) chownSync(own, serverOwner, serverOwner);
    }
  }

  private async choosePlace(): Promise<Place> {
    this.place ??= readJson<Place>(this.files.record);
    if (this.place === undefined) {
      const { publicHost, serverHost } = await chooseFreePlace(new Set(), [neo4j.boltPort]);
      this.place = { host: publicHost, serverHost };
      replaceFile(this.files.record, JSON.stringify(this.place));
    }
    return this.place;
  }

  /** Ends what a sandbox that was killed left, so that address and files are free. */
  private async endLeftovers(): Promise<void> {
    const leftovers = processesOf(await listProcesses(), this.options.directory, ["java"]);
    await killProcesses(leftovers.map(({ pid }) => pid));
  }

  private next(operation: () => Promise<void>): Promise<void> {
    const done = this.last.then(operation);
    this.last = done.catch(() => undefined); // Its own caller is told.
    return done;
  }
}

/** It listens once its databases are there. */
function answers(host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: neo4j.boltPort, localAddress: host });
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.destroy();
      resolve();
    });
  });
}
