import type { databaseEngines } from "../../../../catalog/engines.ts";
import type { Store } from "../../../store/store.ts";
import type { StoreOrigin, StorePlace } from "../../../stores/runtime.ts";
import type { Cloud } from "../../context.ts";
import { found, preconditionFailed, unprocessable } from "../../errors.ts";

export type EngineSlug = (typeof databaseEngines)[number]["slug"];

export interface DatabaseUser {
  readonly name: string;
  readonly role: "primary" | "normal";
  readonly password: string;
  readonly settings?: { readonly pg_allow_replication?: boolean | undefined } | undefined;
}

/** A PgBouncer pool. */
export interface Pool {
  readonly name: string;
  readonly mode: "session" | "transaction" | "statement";
  /** Connections to the server. */
  readonly size: number;
  readonly db: string;
  /** Absent: whoever connects. */
  readonly user?: string | undefined;
}

/** A read-only copy of a cluster. */
export interface Replica {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly size: string;
  readonly storageSizeMib: number;
  readonly vpcUuid: string;
  readonly tags: readonly string[];
  readonly createdAt: string;
  readonly createdMs: number;
  readonly resizedMs?: number;
  /** Its own, apart from its primary's. */
  readonly rules: readonly FirewallRule[];
  /** Where its server is. Absent: it has none, as its primary. */
  readonly place?: StorePlace | undefined;
}

/** Who may connect. */
export interface FirewallRule {
  readonly uuid: string;
  readonly type: "droplet" | "k8s" | "ip_addr" | "tag" | "app";
  readonly value: string;
  readonly createdAt: string;
}

export interface LogSink {
  readonly sink_id: string;
  readonly sink_name: string;
  readonly sink_type: string;
  readonly config: object;
}

export interface MaintenanceWindow {
  readonly day: string;
  readonly hour: string;
}

export interface StorageAutoscale {
  readonly enabled: boolean;
  readonly threshold_percent?: number | undefined;
  readonly increment_gib?: number | undefined;
}

/** Users and databases of a cluster. */
export interface ClusterContents {
  readonly users: readonly DatabaseUser[];
  readonly dbs: readonly string[];
}

/** What a change that takes time may change. */
export interface ClusterShape {
  readonly size: string;
  readonly numNodes: number;
  readonly storageSizeMib: number;
  readonly region: string;
  readonly vpcUuid: string;
}

/** A database cluster and everything in it, as stored. */
export interface DatabaseDocument extends ClusterShape, ClusterContents {
  readonly id: string;
  readonly name: string;
  readonly engine: EngineSlug;
  readonly version: string;
  readonly tags: readonly string[];
  readonly createdAt: string;
  readonly createdMs: number;
  /** Whether it was made of a backup. */
  readonly restored: boolean;
  /** Whose server its own is a copy of. Absent: nobody's, or that of a cluster without a server. */
  readonly origin?: StoreOrigin | undefined;
  /** The change under way. */
  readonly pending?:
    | {
        readonly status: "resizing" | "migrating";
        readonly sinceMs: number;
        readonly shape: Partial<ClusterShape>;
      }
    | undefined;
  /** The upgrade under way to another version. */
  readonly upgrade?: { readonly version: string; readonly sinceMs: number } | undefined;
  /** When it became what its version is. Absent: when it was made. */
  readonly upgradedMs?: number | undefined;
  /** What was in it before, and until when, the oldest first: a restore to then brings it back. */
  readonly past?: readonly (ClusterContents & { readonly untilMs: number })[];
  readonly pools: readonly Pool[];
  readonly replicas: readonly Replica[];
  readonly rules: readonly FirewallRule[];
  readonly sinks: readonly LogSink[];
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly maintenance: MaintenanceWindow;
  readonly autoscale: StorageAutoscale;
  readonly serviceCnames: readonly string[];
  /** Where its server is. Absent: it has none, and is state of the API only. */
  readonly place?: StorePlace | undefined;
}

export const databaseCollection = (store: Store) => store.collection<DatabaseDocument>("databases");

/** A cluster as it is now. */
export function listDatabases(cloud: Cloud): DatabaseDocument[] {
  return databaseCollection(cloud.store)
    .list()
    .map((database) => settle(cloud, database));
}

/** The cluster as it is now. @throws ApiError 404 */
export function requireDatabase(cloud: Cloud, id: string): DatabaseDocument {
  return settle(cloud, found(databaseCollection(cloud.store).get(id), "cluster not found"));
}

/**
 * The cluster, when it can be worked with.
 * @throws ApiError 404, or 412 while it is being made or changed.
 */
export function requireOnline(cloud: Cloud, id: string): DatabaseDocument {
  const database = requireDatabase(cloud, id);
  const status = statusOf(cloud, database);
  if (status !== "online") {
    throw preconditionFailed(`The cluster ${database.name} is ${status}: wait until it is online`);
  }
  return database;
}

/** The cluster, when it can be worked with and is of that engine. @throws ApiError 404, 412, 422 */
export function requireEngine(cloud: Cloud, id: string, engine: EngineSlug, what: string): DatabaseDocument {
  refuseEngine(requireDatabase(cloud, id), engine, what);
  return requireOnline(cloud, id);
}

/** @throws ApiError 422 when the cluster is of another engine */
export function refuseEngine(database: DatabaseDocument, engine: EngineSlug, what: string): void {
  if (database.engine !== engine) {
    throw unprocessable(
      `${what} are not supported for ${database.engine}: ${database.name} is not of engine ${engine}`,
    );
  }
}

export function putDatabase(store: Store, database: DatabaseDocument): void {
  databaseCollection(store).put(database.id, database);
}

/** How long a cluster can be restored to how it was. */
export const restorableMs = 7 * 24 * 3_600_000;

/** Changes users or databases, and remembers what they were. */
export function putContents(
  cloud: Cloud,
  database: DatabaseDocument,
  contents: Partial<ClusterContents>,
): void {
  const { users, dbs, past = [] } = database;
  const untilMs = cloud.now();
  const remembered = past.filter((each) => each.untilMs > untilMs - restorableMs);
  putDatabase(cloud.store, { ...database, ...contents, past: [...remembered, { users, dbs, untilMs }] });
}

/** What was in a cluster at a moment. */
export function contentsAt({ users, dbs, past = [] }: DatabaseDocument, atMs: number): ClusterContents {
  return past.find(({ untilMs }) => untilMs > atMs) ?? { users, dbs };
}

export function statusOf(cloud: Cloud, database: DatabaseDocument): string {
  if (!cloud.settled(database.createdMs) || isBeingMade(cloud, database)) {
    return database.restored ? "forking" : "creating";
  }
  // The API's description has no status of its own for an upgrade.
  if (database.upgrade !== undefined) return "migrating";
  return database.pending?.status ?? "online";
}

/** A server that cannot start for the first time is made for ever, as in the real service: the sandbox's status says why. */
const isBeingMade = (cloud: Cloud, { id, place }: Pick<DatabaseDocument, "id" | "place">): boolean =>
  place !== undefined && !cloud.stores.isMade(id);

export function replicaStatusOf(cloud: Cloud, replica: Replica): string {
  if (!cloud.settled(replica.createdMs) || isBeingMade(cloud, replica)) return "creating";
  return replica.resizedMs === undefined || cloud.settled(replica.resizedMs) ? "online" : "resizing";
}

function settle(cloud: Cloud, database: DatabaseDocument): DatabaseDocument {
  const { pending, upgrade } = database;
  // One that has a server is upgraded when its server is.
  if (upgrade !== undefined && database.place === undefined && cloud.settled(upgrade.sinceMs))
    return upgraded(database, upgrade.version, upgrade.sinceMs);
  if (pending === undefined || !cloud.settled(pending.sinceMs)) return database;
  return { ...database, ...pending.shape, pending: undefined };
}

/** The cluster once it is of that version. What it was before cannot be had back: no backup of it is left. */
export function upgraded(database: DatabaseDocument, version: string, upgradedMs: number): DatabaseDocument {
  return { ...database, version, upgradedMs, upgrade: undefined, past: [] };
}
