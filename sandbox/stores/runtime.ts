/**
 * What the emulated cloud asks of its managed stores: a real server per database cluster. The routes of `/v2/databases`
 * own names, sizes, users and rules; this runtime owns processes, and makes them what those say.
 */
import { databaseMetricsPort, postgres, valkey } from "../../catalog/engines.ts";
import type { KeyPair } from "../certificates.ts";

export const storeEngines = ["pg", "valkey"] as const;
export type StoreEngine = (typeof storeEngines)[number];

/** The ports of the managed service. Every server has addresses of its own, and so the same ports. */
export const storePorts = {
  pg: postgres.port,
  pool: postgres.poolPort,
  valkey: valkey.port,
  metrics: databaseMetricsPort,
} as const;

/** The loopback addresses of one server: kept for its life, as connection strings name them. */
export interface StorePlace {
  /** Stands for the server's name on the internet. */
  readonly publicHost: string;
  /** Stands for its name in its VPC. */
  readonly privateHost: string;
  /** Where the server itself listens, for what lets clients in or turns them away. */
  readonly serverHost: string;
}

export interface StoreUser {
  readonly name: string;
  /** `primary`: the administrator a cluster is born with. */
  readonly role: "primary" | "normal";
  readonly password: string;
  readonly mayReplicate: boolean;
}

/** A rule of the cluster's firewall. */
export interface TrustedSource {
  readonly type: "droplet" | "k8s" | "ip_addr" | "tag" | "app";
  readonly value: string;
}

/** A pool of connections to a PostgreSQL server, which its clients share. */
export interface StorePool {
  /** What its clients take for the database. */
  readonly name: string;
  readonly mode: "session" | "transaction" | "statement";
  /** Connections to the server. */
  readonly size: number;
  readonly database: string;
  /** The only user who may use it. Absent: whoever may use the database, as himself. */
  readonly user?: string | undefined;
}

/** With what the metrics endpoints of all the account's stores are asked. */
export interface MetricsAccess {
  readonly user: string;
  readonly password: string;
}

/** Another store, and where it is. */
export interface StoreAddress {
  readonly id: string;
  readonly place: StorePlace;
}

/** Another store, and the moment at which this one begins as it was. */
export interface StoreOrigin extends StoreAddress {
  /** ISO 8601; absent: now. */
  readonly at?: string | undefined;
}

/** What a server is to be. */
export interface StoreSpec {
  /** The cluster's UUID; its folder bears it. */
  readonly id: string;
  readonly name: string;
  readonly engine: StoreEngine;
  /** The engine's major version. A PostgreSQL whose files are an older one's is upgraded, with all that is in it. */
  readonly version: string;
  /** What it is made from, when it is made. Absent: it begins empty. Only PostgreSQL's servers can be copied. */
  readonly origin?: StoreOrigin | undefined;
  /**
   * Whose read-only copy it is, which follows it; started when its first client comes. Absent: nobody's. One that was a
   * copy and is none any more goes its own way from where it is.
   */
  readonly primary?: StoreAddress | undefined;
  readonly place: StorePlace;
  /** Signs the server's certificate: the authority that the API hands out. */
  readonly authority: KeyPair;
  /** How many its clients may hold at a time. */
  readonly connections: number;
  /** Of one node. */
  readonly vcpus: number;
  /** Of one node. */
  readonly memoryMib: number;
  /** Of one node. It is told, and limits nothing. */
  readonly diskMib: number;
  readonly metricsAccess: MetricsAccess;
  readonly users: readonly StoreUser[];
  readonly databases: readonly string[];
  readonly pools: readonly StorePool[];
  readonly trustedSources: readonly TrustedSource[];
  /** What was set through the API, by the API's names. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

/**
 * `creating` until it has served for the first time, `starting` whenever it comes up later, `asleep` while a copy waits for
 * its first client; `error` when it cannot run.
 */
export type StoreStatus = "creating" | "starting" | "asleep" | "running" | "error";

/** A server could not be made one of the version that was asked for; it goes on as what it was. */
export class UpgradeFailed extends Error {
  override readonly name = "UpgradeFailed";
}

/** How a server does, for people and for the daemon's status. */
export interface StoreReport {
  readonly id: string;
  readonly name: string;
  readonly engine: StoreEngine;
  readonly status: StoreStatus;
  /** What there is to say beside the status; the cause of an `error`. */
  readonly message?: string;
  readonly address: string;
  readonly processes: readonly { readonly name: string; readonly pid: number; readonly restarts: number }[];
}

/** Whether an engine's servers can run here. */
export type StoreOffer = { readonly versions: readonly string[] } | { readonly reason: string };

/** An engine whose clusters have no server here, and why. */
export interface AbsentEngine {
  readonly engine: StoreEngine;
  readonly reason: string;
}

/** Starts, keeps and ends servers. Every method may be called again with the same arguments. */
export interface StoresRuntime {
  /** The versions that can run here; or the reason why none can, and clusters of that engine are API state only. */
  offer(engine: StoreEngine): StoreOffer;
  /** Addresses that nothing else has, for a new server. */
  choosePlace(): Promise<StorePlace>;
  /**
   * Starts the server where it does not run, and makes it what it is to be: users, databases, firewall, configuration.
   * Resolves when it is. Rejects when it cannot be, and the report says why.
   */
  apply(spec: StoreSpec): Promise<void>;
  /** Ends the processes and removes the data. */
  delete(storeId: string): Promise<void>;
  /** Whether it can be had: it has served, now or in an earlier run, or will for its first client. */
  isMade(storeId: string): boolean;
  /** Every server known to this process. */
  report(): StoreReport[];
  /** Stops every server, keeping the data. */
  close(): Promise<void>;
}
