import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { postgres as engine } from "../../catalog/engines.ts";
import { Component } from "../component.ts";
import { recordable } from "../database/arguments.ts";
import { createCluster, createFirewall, sizeOf } from "../database/cluster.ts";
import { checkTrustedSources } from "../database/trusted-sources.ts";
import { judgeTogether } from "../errors.ts";
import type { DatabasePrivileges, PostgresConnection, WatchedDatabase } from "../joints.ts";
import { tagsOf } from "../ownership.ts";
import type { StoreDeclaration } from "../store.ts";
import { postgresAlerts } from "./alerts.ts";
import { checkPostgres, defaultPoolSize, defaultStatementTimeoutMs, type PostgresArgs } from "./arguments.ts";
import { connectionOf } from "./connection.ts";
import { ownerUrlVariable, privilegesScript, rolesOf } from "./privileges.ts";
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
 * The platform's PostgreSQL: a managed cluster, one database, a connection pool, and nobody but the trusted sources let
 * in. Three users: who owns the tables, who changes their rows, who reads. DigitalOcean makes users without rights; what
 * gives them theirs is {@link privileges}.
 *
 * ### Cost
 * Per month: (1 + standby nodes + 1 for a read replica) x the size's price, and 0.215 $ for each GiB and node
 * beyond the disk the size includes. Staging: 1 x 30.45 = 30.45 $ a month.
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
  /** For reports, as who only reads: from the read replica, which may lag behind, or without one from the primary. */
  readonly readOnly: PostgresConnection;
  /** What lets the three do what they are there for, and no more. */
  readonly privileges: DatabasePrivileges;
  readonly clusterId: pulumi.Output<string>;
  /** For alerts: the primary and its standby nodes, of which DigitalOcean's figures are. */
  readonly watched: WatchedDatabase;
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
    const pool = this.#createPool(name, args, { cluster, database, user });
    const caCertificate = this.#readAuthority(cluster);

    const primary = { server: cluster, database: database.name, firewall, caCertificate };
    this.direct = connectionOf({ ...primary, user: owner });
    this.pooled = connectionOf({ ...primary, server: pool, database: pool.name, user });
    this.readOnly = connectionOf({
      ...primary,
      ...(args.readReplica && this.#createReplica(name, args, cluster)),
      user: reader,
    });
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
    const ignoreChanges = ["backupRestore", ...(diskGrowth ? (["storageSizeMib"] as const) : [])] as const;
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

  #createPool(
    name: string,
    args: PostgresArgs,
    { cluster, database, user }: PoolMembers,
  ): digitalocean.DatabaseConnectionPool {
    const size = args.poolSize ?? defaultPoolSize;
    const mode = args.poolMode ?? "transaction";
    // Size and mode cannot change in place. As they are in the name, the new pool is there before the old goes.
    const poolName = `${databaseNameOf(args)}-${mode}-${size}`;
    return new digitalocean.DatabaseConnectionPool(
      `${name}-pool-${mode}-${size}`,
      { clusterId: cluster.id, name: poolName, mode, size, dbName: database.name, user: user.name },
      { parent: this },
    );
  }

  #createReplica(
    name: string,
    args: PostgresArgs,
    cluster: digitalocean.DatabaseCluster,
  ): { readonly server: digitalocean.DatabaseReplica; readonly firewall: digitalocean.DatabaseFirewall } {
    const server = new digitalocean.DatabaseReplica(
      `${name}-replica`,
      {
        name: `${args.cloudName ?? name}-replica`,
        clusterId: cluster.id,
        region: args.placement.region,
        size: args.size,
        privateNetworkUuid: args.placement.vpcId,
        // It holds all the primary holds.
        ...diskOf(args),
        tags: tagsOf(args.ownership, "postgres-replica"),
      },
      // New tags would replace the replica, and a server is not worth less for an old one.
      { parent: this, ignoreChanges: ["tags"] },
    );
    return { server, firewall: createFirewall(`${name}-replica-firewall`, server.uuid, args, this) };
  }

  #readAuthority(cluster: digitalocean.DatabaseCluster): pulumi.Output<string> {
    return digitalocean.getDatabaseCaOutput({ clusterId: cluster.id }, { parent: this }).certificate;
  }
}

function databaseNameOf({ databaseName = "whisper" }: PostgresArgs): string {
  return databaseName;
}

function diskOf({ diskGib }: PostgresArgs): { storageSizeMib?: string } {
  return diskGib === undefined ? {} : { storageSizeMib: String(diskGib * 1024) };
}

function backupOf({ at }: NonNullable<PostgresArgs["restoreFrom"]>) {
  return at === undefined ? {} : { backupCreatedAt: at };
}

interface PoolMembers {
  readonly cluster: digitalocean.DatabaseCluster;
  readonly database: digitalocean.DatabaseDb;
  readonly user: digitalocean.DatabaseUser;
}
