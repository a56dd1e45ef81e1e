import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { postgres as engine } from "../../catalog/engines.ts";
import { Component } from "../component.ts";
import { createCluster, createFirewall } from "../database/cluster.ts";
import { checkTrustedSources } from "../database/trusted-sources.ts";
import { judgeTogether } from "../errors.ts";
import type { PostgresConnection } from "../joints.ts";
import { tagsOf } from "../ownership.ts";
import type { StoreDeclaration } from "../store.ts";
import { checkPostgres, type PostgresArgs } from "./arguments.ts";
import { connectionOf } from "./connection.ts";

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
 * The platform's PostgreSQL: a managed cluster, one database, one user, a connection pool, and nobody but the
 * trusted sources let in.
 *
 * ### Cost
 * Per month: (1 + standby nodes + 1 for a read replica) x the size's price, and 0.215 $ for each GiB and node
 * beyond the disk the size includes. Staging: 1 x 30.45 = 30.45 $ a month.
 * Production: 3 x 121.95 = 365.85 $ a month.
 */
export class Postgres extends Component {
  /** For the application: through the pool. */
  readonly pooled: PostgresConnection;
  /** For migrations and dumps, which need a session of their own: past the pool. */
  readonly direct: PostgresConnection;
  /** For reads that may lag behind; absent without a read replica. */
  readonly readOnly?: PostgresConnection;
  readonly clusterId: pulumi.Output<string>;
  /** The cluster's URN in DigitalOcean's sense. */
  readonly clusterUrn: pulumi.Output<string>;

  constructor(name: string, args: PostgresArgs, options?: pulumi.ComponentResourceOptions) {
    judgeTogether({
      [name]: (checks) => {
        checkPostgres(checks, { ...args, region: args.placement.region });
        checkTrustedSources(checks, args);
      },
    });
    super("whisper:postgres:Postgres", name, args, options);

    const cluster = this.#createCluster(name, args);
    const firewall = createFirewall(`${name}-firewall`, cluster.id, args, this);
    this.#createConfig(name, args, cluster);
    const database = this.#createDatabase(name, args, cluster);
    const user = this.#createUser(name, args, cluster);
    const pool = this.#createPool(name, args, { cluster, database, user });
    const caCertificate = this.#readAuthority(cluster);

    const shared = { user, caCertificate };
    this.direct = connectionOf({ ...shared, server: cluster, database: database.name, firewall });
    this.pooled = connectionOf({ ...shared, server: pool, database: pool.name, firewall });
    if (args.readReplica) {
      const replica = this.#createReplica(name, args, cluster);
      const replicaFirewall = createFirewall(`${name}-replica-firewall`, replica.uuid, args, this);
      this.readOnly = connectionOf({
        ...shared,
        server: replica,
        database: database.name,
        firewall: replicaFirewall,
      });
    }
    this.clusterId = cluster.id;
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
    new digitalocean.DatabasePostgresqlConfig(
      `${name}-config`,
      {
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
    const databaseName = args.databaseName ?? "whisper";
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
    args: PostgresArgs,
    cluster: digitalocean.DatabaseCluster,
  ): digitalocean.DatabaseUser {
    const userName = args.userName ?? "whisper";
    return args.restoreFrom
      ? digitalocean.DatabaseUser.get(
          `${name}-user`,
          pulumi.interpolate`${cluster.id}/user/${userName}`,
          { clusterId: cluster.id, name: userName },
          { parent: this },
        )
      : new digitalocean.DatabaseUser(
          `${name}-user`,
          { clusterId: cluster.id, name: userName },
          { parent: this },
        );
  }

  #createPool(
    name: string,
    args: PostgresArgs,
    { cluster, database, user }: PoolMembers,
  ): digitalocean.DatabaseConnectionPool {
    const size = args.poolSize ?? 20;
    const mode = args.poolMode ?? "transaction";
    // Size and mode cannot change in place. As they are in the name, the new pool is there before the old goes.
    const poolName = `${args.databaseName ?? "whisper"}-${mode}-${size}`;
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
  ): digitalocean.DatabaseReplica {
    return new digitalocean.DatabaseReplica(
      `${name}-replica`,
      {
        name: `${name}-replica`,
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
  }

  #readAuthority(cluster: digitalocean.DatabaseCluster): pulumi.Output<string> {
    return digitalocean.getDatabaseCaOutput({ clusterId: cluster.id }, { parent: this }).certificate;
  }
}

function diskOf({ diskGib }: PostgresArgs): { storageSizeMib?: string } {
  return diskGib === undefined ? {} : { storageSizeMib: String(diskGib * 1024) };
}

function backupOf({ backupCreatedAt }: NonNullable<PostgresArgs["restoreFrom"]>) {
  return backupCreatedAt === undefined ? {} : { backupCreatedAt };
}

interface PoolMembers {
  readonly cluster: digitalocean.DatabaseCluster;
  readonly database: digitalocean.DatabaseDb;
  readonly user: digitalocean.DatabaseUser;
}
