import * as digitalocean from "@pulumi/digitalocean";
import type * as pulumi from "@pulumi/pulumi";
import { postgres as engine } from "../../catalog/engines.ts";
import { databaseSizes } from "../../catalog/sizes.ts";
import { Component } from "../component.ts";
import { checkDatabase, type DatabaseArgs, type DatabaseSizing } from "../database/arguments.ts";
import { createCluster, createFirewall } from "../database/cluster.ts";
import { checkTrustedSources } from "../database/trusted-sources.ts";
import { type ArgumentChecks, judgeTogether } from "../errors.ts";
import type { PostgresConnection } from "../joints.ts";
import { tagsOf } from "../ownership.ts";
import type { StoreDeclaration } from "../store.ts";
import { connectionOf } from "./connection.ts";

/** Arguments of a {@link Postgres}. */
export interface PostgresArgs extends DatabaseArgs {
  /**
   * Name of the application's database.
   *
   * Caution: a change makes a new, empty database and deletes the old one.
   * @default "whisper"
   */
  readonly databaseName?: string;

  /**
   * Name of the application's user.
   * @default "whisper"
   */
  readonly userName?: string;

  /**
   * Connections the pool keeps to the server, shared by all clients of {@link Postgres.pooled}. A change makes
   * a second pool, moves the clients over and then removes the first: the server needs room for both meanwhile.
   * @default 20
   */
  readonly poolSize?: number;

  /**
   * When a client gives its connection back: after each transaction, each statement, or when it leaves.
   * @default "transaction"
   */
  readonly poolMode?: "transaction" | "session" | "statement";

  /**
   * Disk of each node, from what the size includes up to the size's limit; it can grow in place, and never shrink.
   * @default what the size includes
   */
  readonly diskGib?: number;

  /**
   * Whether a copy on a server of its own follows the primary and answers reads.
   * @default false
   */
  readonly readReplica?: boolean;

  /**
   * Statements that take longer are logged.
   * @default 1000
   */
  readonly slowStatementMs?: number;

  /**
   * Hour of the daily backup, UTC, 0 to 23.
   * @default 2
   */
  readonly backupHourUtc?: number;
}

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
    return createCluster(name, args, { engine, declaration, settings: diskOf(args) }, this);
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
    return new digitalocean.DatabaseDb(
      `${name}-database`,
      { clusterId: cluster.id, name: args.databaseName ?? "whisper" },
      { parent: this, protect: args.protect ?? true },
    );
  }

  #createUser(
    name: string,
    args: PostgresArgs,
    cluster: digitalocean.DatabaseCluster,
  ): digitalocean.DatabaseUser {
    return new digitalocean.DatabaseUser(
      `${name}-user`,
      { clusterId: cluster.id, name: args.userName ?? "whisper" },
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

interface PoolMembers {
  readonly cluster: digitalocean.DatabaseCluster;
  readonly database: digitalocean.DatabaseDb;
  readonly user: digitalocean.DatabaseUser;
}

const identifier = /^[a-z][a-z0-9_-]{0,39}$/;

/** Of a {@link Postgres}' arguments, what is decided by size and care, and where it goes. */
export type PostgresSizing = DatabaseSizing & Omit<PostgresArgs, keyof DatabaseArgs>;

/** Finds what is wrong with a {@link Postgres}' arguments, but for whom it trusts. */
export function checkPostgres(checks: ArgumentChecks, args: PostgresSizing): void {
  checkDatabase(checks, engine, args);
  for (const key of ["databaseName", "userName"] as const) {
    checks.check(
      key,
      args[key],
      (text) => identifier.test(text),
      (text) => `is "${text}", which PostgreSQL would need quoted everywhere`,
      "Use up to 40 lower-case letters, digits, - and _, a letter first.",
    );
  }
  checks.oneOf("poolMode", args.poolMode, ["transaction", "session", "statement"]);
  checks.range("backupHourUtc", args.backupHourUtc, 0, 23);
  checks.range("slowStatementMs", args.slowStatementMs, 1, 3_600_000);
  const size = databaseSizes.find(({ slug }) => slug === args.size);
  checks.range("poolSize", args.poolSize ?? 20, 1, size?.connections ?? 1000);
  if (size) checks.range("diskGib", args.diskGib, size.diskGib, size.maximumDiskGib);
}
