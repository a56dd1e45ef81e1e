import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { postgres as engine } from "../../catalog/engines.ts";
import type { StoreDeclaration } from "../../catalog/recovery.ts";
import { Component } from "../component.ts";
import { recordable } from "../database/arguments.ts";
import { createCluster, createFirewall, sizeOf } from "../database/cluster.ts";
import { metricsOf, readAuthority } from "../database/metrics.ts";
import { checkTrustedSources } from "../database/trusted-sources.ts";
import { judgeTogether } from "../errors.ts";
import type { DatabaseMetrics, DatabasePrivileges, PostgresConnection, WatchedDatabase } from "../joints.ts";
import { postgresAlerts } from "./alerts.ts";
import { checkPostgres, defaultStatementTimeoutMs, type PostgresArgs } from "./arguments.ts";
import { connectionOf } from "./connection.ts";
import { diskOf } from "./disk.ts";
import { type ConnectionPool, createPool, databaseNameOf, defaultPoolSize } from "./pools.ts";
import { ownerUrlVariable, privilegesScript, rolesOf } from "./privileges.ts";
import { createReplica } from "./replicas.ts";
import { settingsOfEverySize, tunedSettings, tuningOf } from "./tuning.ts";

/**
 * DigitalOcean backs it up each day and keeps seven days of write-ahead log, shipped every five minutes. A restore makes
 * a new cluster, to which its clients are then led.
 */
const declaration: StoreDeclaration = {
  store: "postgres",
  backup: "managed-daily",
  recovery: { point: "5m", time: "1h" },
  retention: "7d",
};

/** A transaction that idles longer than this holds locks for nothing. */
const idleInTransactionMs = 60_000;

/**
 * The platform's PostgreSQL: a managed cluster, one database, connection pools, and nobody but the trusted sources let
 * in. Four users: who owns the tables, who changes their rows, who reads, who sees figures alone. DigitalOcean makes users
 * without rights; what gives them theirs is {@link privileges}.
 *
 * ### Cost
 * Per month: (1 + standby nodes) x the size's price, that of its size for each read replica, and 0.215 $ for each GiB and
 * node beyond the disk the size includes. Staging: 1 x 30.45 = 30.45 $ a month.
 * Production: 3 x 121.95 = 365.85 $ a month.
 *
 * @example
 * ```ts
 * const postgres = new Postgres("whisper-staging-postgres", {
 *   ownership, placement: network.placement, size: "db-s-2vcpu-4gb", standbyNodes: 1,
 *   trustedClusterIds: [cluster.id],
 * });
 * postgres.pooled; // for the application
 * ```
 */
export class Postgres extends Component {
  /** For the application: through the pool. */
  readonly pooled: PostgresConnection;
  /** For migrations, which need a session of their own and change the schema: past the pool, as the tables' owner. */
  readonly direct: PostgresConnection;
  /** Through each further pool, by its name. */
  readonly pools: Readonly<Record<string, PostgresConnection>>;
  /**
   * For reports, as who only reads: from the first replica in the cluster's own VPC, which may lag behind, or without one
   * from the primary.
   */
  readonly readOnly: PostgresConnection;
  /** From each read replica, by its name, as who only reads. */
  readonly replicas: Readonly<Record<string, PostgresConnection>>;
  /** For the exporter: past the pool, as who sees figures alone. */
  readonly monitoring: PostgresConnection;
  /** What lets the four do what they are there for, and no more. */
  readonly privileges: DatabasePrivileges;
  readonly clusterId: pulumi.Output<string>;
  /** For alerts: the primary and its standby nodes, of which DigitalOcean's figures are. */
  readonly watched: WatchedDatabase;
  /** For Prometheus: what DigitalOcean measures of the primary's node. */
  readonly metrics: DatabaseMetrics;
  /** The cluster's URN in DigitalOcean's sense. */
  readonly clusterUrn: pulumi.Output<string>;

  constructor(name: string, args: PostgresArgs, options?: pulumi.ComponentResourceOptions) {
    judgeTogether({
      [name]: (checks) => {
        checkPostgres(checks, { ...args, region: args.placement.region });
        checkTrustedSources(checks, args);
      },
    });
    super("whisper:postgres:Postgres", name, recordable(args), options);

    const cluster = this.#createCluster(name, args);
    const firewall = createFirewall(`${name}-firewall`, cluster.id, args, this);
    this.#createConfig(name, args, cluster);
    const database = this.#createDatabase(name, args, cluster);
    const roles = rolesOf(args);
    const user = this.#createUser(`${name}-user`, roles.application, args, cluster);
    const owner = this.#createUser(`${name}-owner`, roles.owner, args, cluster);
    const reader = this.#createUser(`${name}-reader`, roles.reader, args, cluster);
    const monitor = this.#createUser(`${name}-monitor`, roles.monitor, args, cluster);
    const caCertificate = readAuthority(cluster, this);

    const primary = { server: cluster, database: database.name, firewall, caCertificate };
    const users = { application: user, owner, reader };
    const pooled = (key: string | undefined, pool: ConnectionPool): PostgresConnection => {
      const members = { cluster, database, user: users[pool.user ?? "application"] };
      const server = createPool(name, key, pool, { args, members, parent: this });
      return connectionOf({ ...primary, server, database: server.name, user: members.user });
    };
    this.direct = connectionOf({ ...primary, user: owner });
    this.monitoring = connectionOf({ ...primary, user: monitor });
    this.pooled = pooled(undefined, {
      size: args.poolSize ?? defaultPoolSize,
      mode: args.poolMode ?? "transaction",
    });
    this.pools = mapValues(args.pools, pooled);
    this.replicas = mapValues(args.readReplicas, (key, replica) =>
      connectionOf({
        ...primary,
        ...createReplica(name, key, replica, { args, cluster, parent: this }),
        user: reader,
      }),
    );
    this.readOnly = this.#nearestReplica(args) ?? connectionOf({ ...primary, user: reader });
    this.privileges = {
      administrator: connectionOf({ ...primary, user: { name: cluster.user, password: cluster.password } }),
      owner: this.direct,
      script: privilegesScript(
        databaseNameOf(args),
        roles,
        args.statementTimeoutMs ?? defaultStatementTimeoutMs,
      ),
      ownerUrlVariable,
    };
    this.clusterId = cluster.id;
    this.watched = { clusterId: cluster.id, rules: postgresAlerts(sizeOf(args)) };
    this.metrics = metricsOf({ engine, cluster, firewall, caCertificate }, this);
    this.clusterUrn = cluster.clusterUrn;
    this.registerOutputs({ clusterId: this.clusterId, host: this.direct.host, pool: this.pooled.database });
  }

  #createCluster(name: string, args: PostgresArgs): digitalocean.DatabaseCluster {
    const { diskGrowth, restoreFrom } = args;
    const settings = {
      ...diskOf(args),
      ...(diskGrowth && { storageAutoscale: { enabled: true, ...diskGrowth } }),
      ...(restoreFrom && { backupRestore: { databaseName: restoreFrom.cluster, ...backupOf(restoreFrom) } }),
    };
    const ignoreChanges = diskGrowth ? (["storageSizeMib"] as const) : [];
    return createCluster(name, args, { engine, declaration, settings, ignoreChanges }, this);
  }

  #createConfig(name: string, args: PostgresArgs, cluster: digitalocean.DatabaseCluster): void {
    const tuned = sizeOf(args).apply((size) =>
      tunedSettings({ ...tuningOf(size, args.diskGib), ...args.tuning }),
    );
    new digitalocean.DatabasePostgresqlConfig(
      `${name}-config`,
      {
        sharedBuffersPercentage: tuned.sharedBuffersPercentage,
        workMem: tuned.workMem,
        maxParallelWorkersPerGather: tuned.maxParallelWorkersPerGather,
        tempFileLimit: tuned.tempFileLimit,
        autovacuumVacuumCostLimit: tuned.autovacuumVacuumCostLimit,
        ...settingsOfEverySize,
        clusterId: cluster.id,
        timezone: "UTC",
        backupHour: args.backupHourUtc ?? 2,
        backupMinute: 0,
        idleInTransactionSessionTimeout: idleInTransactionMs,
        logMinDurationStatement: args.slowStatementMs ?? 1000,
      },
      { parent: this },
    );
  }

  #createDatabase(
    name: string,
    args: PostgresArgs,
    cluster: digitalocean.DatabaseCluster,
  ): digitalocean.DatabaseDb {
    const databaseName = databaseNameOf(args);
    const options = { parent: this, protect: args.protect ?? true };
    return args.restoreFrom
      ? digitalocean.DatabaseDb.get(
          `${name}-database`,
          pulumi.interpolate`${cluster.id}/database/${databaseName}`,
          { clusterId: cluster.id, name: databaseName },
          options,
        )
      : new digitalocean.DatabaseDb(
          `${name}-database`,
          { clusterId: cluster.id, name: databaseName },
          options,
        );
  }

  #createUser(
    name: string,
    userName: string,
    args: PostgresArgs,
    cluster: digitalocean.DatabaseCluster,
  ): digitalocean.DatabaseUser {
    return args.restoreFrom
      ? digitalocean.DatabaseUser.get(
          name,
          pulumi.interpolate`${cluster.id}/user/${userName}`,
          { clusterId: cluster.id, name: userName },
          { parent: this },
        )
      : new digitalocean.DatabaseUser(name, { clusterId: cluster.id, name: userName }, { parent: this });
  }

  /** The first replica that is in the cluster's own VPC. */
  #nearestReplica({ readReplicas = {} }: PostgresArgs): PostgresConnection | undefined {
    const near = Object.keys(readReplicas).find((key) => readReplicas[key]?.vpcId === undefined);
    return near === undefined ? undefined : this.replicas[near];
  }
}

function backupOf({ at }: NonNullable<PostgresArgs["restoreFrom"]>) {
  return at === undefined ? {} : { backupCreatedAt: at };
}

/** What is made of each entry of a record, under the same name. */
function mapValues<In, Out>(
  entries: Readonly<Record<string, In>> = {},
  make: (key: string, entry: In) => Out,
): Record<string, Out> {
  return Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, make(key, entry)]));
}
