import { storePorts } from "../../../stores/runtime.ts";
import type { Cloud } from "../../context.ts";
import { projectOf } from "../projects.ts";
import {
  type DatabaseDocument,
  type DatabaseUser,
  type EngineSlug,
  type Pool,
  type Replica,
  replicaStatusOf,
  statusOf,
} from "./model.ts";

/** How clients reach an engine. */
const endpoints: Readonly<
  Record<EngineSlug, { protocol: string; port: number; database: string; query: string }>
> = {
  pg: { protocol: "postgresql", port: storePorts.pg, database: "defaultdb", query: "?sslmode=require" },
  valkey: { protocol: "rediss", port: storePorts.valkey, database: "", query: "" },
};
/** The account's number, which is in every host name. */
const account = "do-user-258992-0";
const administrator: Readonly<Record<EngineSlug, string>> = { pg: "doadmin", valkey: "default" };

/** The user a new cluster of this engine has. */
export function administratorName(engine: EngineSlug): string {
  return administrator[engine];
}

/** The database a new cluster of this engine has, if the engine has databases. */
export function defaultDatabases(engine: EngineSlug): string[] {
  return [endpoints[engine].database].filter((name) => name !== "");
}

/** The host of one node or role of a cluster: what `prefix` says before its name. */
function hostOf(name: string, prefix = ""): string {
  return `${prefix}${name}-${account}.db.ondigitalocean.com`;
}

interface Target {
  readonly host: string;
  readonly user: DatabaseUser | undefined;
  readonly port?: number;
  readonly database?: string;
}

function connection(engine: EngineSlug, target: Target) {
  const { protocol, query, ...defaults } = endpoints[engine];
  const { host, user, port = defaults.port, database = defaults.database } = target;
  const credentials = user === undefined ? "" : `${user.name}:${user.password}@`;
  return {
    protocol,
    uri: `${protocol}://${credentials}${host}:${port}${database === "" ? "" : `/${database}`}${query}`,
    database,
    host,
    port,
    user: user?.name ?? "",
    password: user?.password ?? "",
    ssl: true,
  };
}

/**
 * The connections of a cluster: public and private; the standby's too where there is one. A server that runs here has
 * addresses in place of names, which nothing would resolve.
 */
function connections(database: DatabaseDocument, target: Omit<Target, "host">): object {
  const { name, place, engine } = database;
  const at = (host: string) => connection(engine, { ...target, host });
  const to = (prefix: string) => at(hostOf(name, prefix));
  const hasStandby = database.engine === "pg" && database.numNodes > 1;
  return {
    connection: at(place?.publicHost ?? hostOf(name)),
    private_connection: at(place?.privateHost ?? hostOf(name, "private-")),
    ...(hasStandby && {
      standby_connection: to("replica-"),
      standby_private_connection: to("private-replica-"),
    }),
  };
}

/** A cluster as the API shows it. */
export function presentDatabase(cloud: Cloud, database: DatabaseDocument): object {
  return {
    id: database.id,
    name: database.name,
    engine: database.engine,
    version: database.version,
    semantic_version: `${database.version}.1`,
    num_nodes: database.numNodes,
    size: database.size,
    region: database.region,
    status: statusOf(cloud, database),
    created_at: database.createdAt,
    private_network_uuid: database.vpcUuid,
    tags: database.tags,
    db_names: database.engine === "pg" ? database.dbs : null,
    ...connections(database, { user: primaryUser(database) }),
    users: database.users.map(presentUser),
    maintenance_window: presentMaintenance(database),
    project_id: projectOf(cloud, urnOf(database)).id,
    rules: presentRules(database),
    storage_size_mib: database.storageSizeMib,
    storage_autoscale: database.autoscale,
    metrics_endpoints: [
      { host: database.place?.publicHost ?? hostOf(database.name), port: storePorts.metrics },
    ],
    do_settings: { service_cnames: database.serviceCnames },
  };
}

export function presentUser(user: DatabaseUser): object {
  const { settings, ...shown } = user;
  return settings === undefined ? shown : { ...shown, settings };
}

export function presentMaintenance({ maintenance }: DatabaseDocument): object {
  return { ...maintenance, pending: false, description: [] };
}

export function presentRules({ id, rules }: Pick<DatabaseDocument, "id" | "rules">): object[] {
  return rules.map(({ createdAt, ...rule }) => ({
    ...rule,
    cluster_uuid: id,
    created_at: createdAt,
  }));
}

/** A pool as the API shows it: its connections lead to the pool's own port and name. */
export function presentPool(database: DatabaseDocument, pool: Pool): object {
  const user = pool.user === undefined ? undefined : database.users.find(({ name }) => name === pool.user);
  return {
    ...pool,
    user: pool.user ?? "",
    ...connections(database, { user, port: storePorts.pool, database: pool.name }),
  };
}

export function presentReplica(cloud: Cloud, database: DatabaseDocument, replica: Replica): object {
  const { place } = replica;
  const at = (host: string) => connection(database.engine, { user: primaryUser(database), host });
  return {
    id: replica.id,
    name: replica.name,
    region: replica.region,
    size: replica.size,
    status: replicaStatusOf(cloud, replica),
    tags: replica.tags,
    created_at: replica.createdAt,
    private_network_uuid: replica.vpcUuid,
    storage_size_mib: replica.storageSizeMib,
    connection: at(place?.publicHost ?? hostOf(replica.name)),
    private_connection: at(place?.privateHost ?? hostOf(replica.name, "private-")),
  };
}

export function urnOf({ id }: { readonly id: string }): string {
  return `do:dbaas:${id}`;
}

function primaryUser(database: DatabaseDocument): DatabaseUser | undefined {
  return database.users.find(({ role }) => role === "primary");
}
