/** One managed store: its server, the gate in front of it, and its data. */
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { killProcesses, listProcesses, processesOf } from "../processes/processes.ts";
import { Gate } from "./gate.ts";
import { MetricsEndpoint } from "./metrics/endpoint.ts";
import type { Figure } from "./metrics/exposition.ts";
import { Machine } from "./metrics/machine.ts";
import { type StoreReport, type StoreSpec, type StoreStatus, storePorts } from "./runtime.ts";
import { openWays } from "./trusted-sources.ts";

/** What an engine knows about its server. Called one at a time. */
export interface StoreServer {
  /** Its programs, by which processes of an earlier run are found. */
  readonly programs: readonly string[];
  /** Everything that runs, for reports. */
  readonly running: StoreReport["processes"];
  /** Programs that died and are not back yet, for people. */
  readonly trouble: readonly string[];
  /** Whether it has served before, in this run or an earlier one. */
  hasServed(): boolean;
  /** Starts it where it does not run, and makes it what it is to be. */
  apply(spec: StoreSpec, signal: AbortSignal): Promise<void>;
  /** What it tells of itself, as the managed service asks it. Rejects while it does not run. */
  figures(spec: StoreSpec): Promise<readonly Figure[]>;
  /** Ends it and keeps the data. */
  stop(): Promise<void>;
}

/** The server of a cluster that had one in an earlier run, and whose programs are gone. */
export function absentServer(reason: string): StoreServer {
  return {
    programs: [],
    running: [],
    trouble: [],
    hasServed: () => true,
    apply: () => Promise.reject(new Error(`Its server cannot run here any more: ${reason}`)),
    figures: () => Promise.resolve([]),
    stop: () => Promise.resolve(),
  };
}

export interface StoreOptions {
  /** The store's own folder. */
  readonly directory: string;
  readonly spec: StoreSpec;
  readonly server: StoreServer;
}

/** See the file's comment. Operations follow one another. */
export class Store {
  private readonly options: StoreOptions;
  /** By port: one before the server, one before its pools, one before its metrics. */
  private readonly gates: ReadonlyMap<number, Gate>;
  private readonly machine = new Machine();
  private readonly metrics: MetricsEndpoint;
  private spec: StoreSpec;
  /** What the server is; undefined while that is not known. */
  private applied: StoreSpec | undefined;
  private statusNow: StoreStatus;
  private made: boolean;
  private message: string | undefined;
  private last: Promise<void>;
  private waking: Promise<void> | undefined;
  private readonly abort = new AbortController();

  constructor(options: StoreOptions) {
    this.options = options;
    this.spec = options.spec;
    const { engine, place } = options.spec;
    const ports = engine === "pg" ? [storePorts.pg, storePorts.pool] : [storePorts[engine]];
    this.gates = new Map(
      [...ports, storePorts.metrics].map((port) => [port, new Gate(place, port, () => this.wake())]),
    );
    this.metrics = new MetricsEndpoint(options.directory, () => this.figures());
    this.made = options.server.hasServed();
    this.statusNow = this.made ? "starting" : "creating";
    this.last = this.endLeftovers();
    this.last.catch(() => undefined);
  }

  /** See {@link import("./runtime.ts").StoresRuntime.isMade}. */
  get isMade(): boolean {
    return this.made;
  }

  report(): StoreReport {
    const { id, name, engine, place } = this.spec;
    const { server } = this.options;
    const asleep = this.statusNow === "asleep" ? "it starts when its first client comes" : undefined;
    const said = [this.message, asleep, ...server.trouble].filter((each) => each !== undefined);
    const message = [...new Set(said)].join("; ");
    return {
      id,
      name,
      engine,
      status: this.statusNow,
      ...(message === "" ? {} : { message }),
      address: `${place.publicHost}:${storePorts[engine]}`,
      processes: server.running,
    };
  }

  /** See {@link import("./runtime.ts").StoresRuntime.apply}. */
  apply(spec: StoreSpec): Promise<void> {
    return this.next(async () => {
      this.abort.signal.throwIfAborted();
      // Most changes of a cluster in the API are none of its server.
      if (isDeepStrictEqual(spec, this.applied)) return;
      this.applied = undefined;
      this.spec = spec;
      await this.carryOut(async () => {
        await mkdir(this.options.directory, { recursive: true, mode: 0o700 });
        await this.listen(spec);
        if (spec.primary === undefined || this.statusNow === "running") return this.serve();
        this.made = true;
        this.statusNow = "asleep";
      });
    });
  }

  /** For a client that has come: resolves when there is somebody to answer. */
  private wake(): Promise<void> {
    if (this.statusNow === "running") return Promise.resolve();
    this.waking ??= this.next(() => this.carryOut(() => this.serve())).finally(() => {
      this.waking = undefined;
    });
    return this.waking;
  }

  /** Lets the server be what was last asked for. */
  private async serve(): Promise<void> {
    this.abort.signal.throwIfAborted();
    await this.options.server.apply(this.spec, this.abort.signal);
    await this.metrics.serve(this.spec);
    this.applied = this.spec;
    this.statusNow = "running";
  }

  /** Of its node, and of the server itself. */
  private async figures(): Promise<readonly Figure[]> {
    const { server, directory } = this.options;
    const pids = server.running.map(({ pid }) => pid);
    const parts = [this.machine.figures(this.spec, directory, pids), server.figures(this.spec)];
    return (await Promise.all(parts)).flat();
  }

  private async carryOut(operation: () => Promise<void>): Promise<void> {
    try {
      await operation();
      this.message = undefined;
    } catch (error) {
      this.message = error instanceof Error ? error.message : String(error);
      // A server that serves and could not do the last thing it was asked goes on serving.
      if (this.statusNow !== "running") this.statusNow = "error";
      throw error;
    } finally {
      this.made ||= this.options.server.hasServed();
      // Also when the server could not do all it was asked: whom it trusts no more is shut out.
      if (this.made) for (const gate of this.gates.values()) gate.admit(openWays(this.spec.trustedSources));
    }
  }

  /** Ends everything for good and keeps the data. */
  async stop(): Promise<void> {
    this.abort.abort(new Error(`The database cluster ${this.spec.name} is being stopped.`));
    await this.next(async () => {
      await Promise.all([...this.gates.values(), this.metrics].map((each) => each.close()));
      await this.options.server.stop();
    });
  }

  /** Ends everything and removes the data. */
  async delete(): Promise<void> {
    await this.stop();
    await rm(this.options.directory, { recursive: true, force: true });
  }

  /** Where the server has no pools, nobody listens for clients of pools, as in the managed service. */
  private async listen({ engine, pools }: StoreSpec): Promise<void> {
    const closed = engine === "pg" && pools.length === 0 ? storePorts.pool : undefined;
    for (const [port, gate] of this.gates) await (port === closed ? gate.close() : gate.listen());
  }

  /** Ends what an earlier run left, so that its ports and files are free. */
  private async endLeftovers(): Promise<void> {
    const { directory, server } = this.options;
    const names = server.programs.map((program) => path.basename(program));
    const leftovers = processesOf(await listProcesses(), directory, names);
    await killProcesses(leftovers.map(({ pid }) => pid));
  }

  private next(operation: () => Promise<void>): Promise<void> {
    const done = this.last.catch(() => undefined).then(operation);
    this.last = done;
    this.last.catch(() => undefined); // Its own caller is told.
    return done;
  }
}
