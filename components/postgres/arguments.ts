import { postgres as engine, reservedPostgresNames } from "../../catalog/engines.ts";
import { databaseSizes } from "../../catalog/sizes.ts";
import { checkDatabase, type DatabaseArgs, type DatabaseSizing } from "../database/arguments.ts";
import type { ArgumentChecks } from "../errors.ts";
import { type ConnectionPool, checkPools, type PoolMode } from "./pools.ts";
import { checkReplicas, type ReadReplica } from "./replicas.ts";
import { checkTuning, type PostgresTuning } from "./tuning.ts";

/** Arguments of a `Postgres`. */
export interface PostgresArgs extends DatabaseArgs {
  /**
   * Name of the application's database.
   *
   * Caution: a change makes a new, empty database and deletes the old one.
   * @default "whisper"
   */
  readonly databaseName?: string;

  /**
   * Name of the application's user, who reads and writes rows. The tables belong to another, of this name with `_owner`,
   * whom migrations run as; a third, with `_reader`, only reads.
   *
   * Caution: a change makes four new users and a new pool, and deletes the old ones. The tables stay with who owned them,
   * whom DigitalOcean does not let go as long as there are any: give them to the new owner first (`REASSIGN OWNED BY`).
   * @default "whisper"
   * @example "transcription"
   */
  readonly userName?: string;

  /**
   * Connections the application's pool keeps to the server, shared by all clients of `Postgres.pooled`. A change makes
   * a second pool, moves the clients over and then removes the first: the server needs room for both meanwhile.
   * Two of the size's connections stay free for migrations and reports.
   * @default 20
   */
  readonly poolSize?: number;

  /**
   * When a client gives its connection back: after each transaction, each statement, or when it leaves.
   * @default "transaction"
   */
  readonly poolMode?: PoolMode;

  /**
   * Further pools, by name, each for clients who need another mode, user or database than the application's. All pools
   * together leave two of the size's connections free.
   * @default none
   * @example { reports: { size: 5, mode: "session", user: "reader" } }
   */
  readonly pools?: Readonly<Record<string, ConnectionPool>>;

  /**
   * Disk of each node, from what the size includes up to the size's limit; it can grow in place, and never shrink.
   * @default what the size includes
   */
  readonly diskGib?: number;

  /**
   * Disk that DigitalOcean adds to each node by itself when it fills, up to the size's limit; it is never taken away.
   * From then on {@link diskGib} is only the disk that it began with.
   * @default none is added: on a full disk PostgreSQL takes no more writes
   * @example { thresholdPercent: 80, incrementGib: 20 }
   */
  readonly diskGrowth?: {
    /** How full the disk is when more is added, 15 to 95. */
    readonly thresholdPercent: number;
    /** How much is added at a time, 10 to 500. */
    readonly incrementGib: number;
  };

  /**
   * Cluster of the same account as whose data were this one begins: a restore always makes a new cluster. Its databases
   * and users come with the data, so {@link databaseName} and {@link userName} with its two must be among them; they are
   * used as they are, and go with the cluster.
   *
   * Caution: it counts when the cluster is made, and never again. Given to a cluster that is there already, it restores
   * nothing, and the state lets go of the database and its users; taken out afterwards, it has them made a second time,
   * which DigitalOcean refuses. So `platform` refuses both, and another backup too: keep it, and give a restore to a
   * component of another name.
   * @default the cluster begins empty
   * @example { cluster: "whisper-production-postgres-cluster", at: "2026-11-20T14:03:27Z" }
   */
  readonly restoreFrom?: {
    /** Name of the cluster in the cloud; it may be gone by now, as long as DigitalOcean has its backups. */
    readonly cluster: string;
    /**
     * Moment of the last seven days: what was committed by then is there, and nothing after it. Write its zone.
     *
     * Caution: the control panel offers every moment, the API's description speaks of a backup's. A drill tells.
     * @default the newest that there is
     */
    readonly at?: string;
  };

  /**
   * Copies on servers of their own that follow the primary and answer reads, by name: `replica`, or what begins with
   * `replica-`, which the names in the cloud then end with.
   *
   * Caution: one of another name is another replica.
   * @default none
   * @example { replica: {} }
   * @example { replica: {}, "replica-europe": { region: "ams3", vpcId: "5a4981aa-9653-4bd1-bef5-d6bff52042e4" } }
   */
  readonly readReplicas?: Readonly<Record<string, ReadReplica>>;

  /**
   * Statements that take longer are logged.
   * @default 1000
   */
  readonly slowStatementMs?: number;

  /**
   * Longest that a statement of the application or of a report may take; 0 as long as it wants. Migrations take the time they
   * need.
   * @default 60000
   */
  readonly statementTimeoutMs?: number;

  /**
   * What is set otherwise than suits the size.
   * @default nothing; see {@link PostgresTuning} for what suits it
   * @example { workMemMib: 32 }
   */
  readonly tuning?: Partial<PostgresTuning>;

  /**
   * Hour of the daily backup, UTC, 0 to 23.
   * @default 2
   */
  readonly backupHourUtc?: number;
}

/** {@link PostgresArgs.statementTimeoutMs} when nothing is said: no client of the platform's edge waits longer. */
export const defaultStatementTimeoutMs = 60_000;

/** ISO 8601. Without a zone, it would be another moment on another machine. */
const momentWithZone = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

const identifier = /^[a-z][a-z0-9_-]{0,39}$/;

/** Of {@link PostgresArgs}, what is decided by size and care, and where it goes. */
export type PostgresSizing = DatabaseSizing & Omit<PostgresArgs, keyof DatabaseArgs>;

/** Finds what is wrong with {@link PostgresArgs}, but for whom it trusts. */
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
    const reserved = reservedPostgresNames[key === "userName" ? "user" : "database"];
    checks.check(
      key,
      args[key],
      (text) => !reserved.test(text),
      (text) => `is "${text}", which is taken in every cluster`,
      "Use a name of your own, such as that of the application.",
    );
  }
  checkPools(checks, args);
  checkReplicas(checks, args);
  checks.range("backupHourUtc", args.backupHourUtc, 0, 23);
  checks.range("slowStatementMs", args.slowStatementMs, 1, 3_600_000);
  checks.range("statementTimeoutMs", args.statementTimeoutMs, 0, 86_400_000);
  checkTuning(checks, args.tuning);
  checks.range("diskGrowth.thresholdPercent", args.diskGrowth?.thresholdPercent, 15, 95);
  checks.range("diskGrowth.incrementGib", args.diskGrowth?.incrementGib, 10, 500);
  checks.check(
    "restoreFrom.cluster",
    args.restoreFrom?.cluster,
    (cluster) => cluster.trim() !== "",
    (cluster) => `is "${cluster}", which names no cluster`,
    "Name the cluster whose backup it is, as the control panel does; or leave restoreFrom out.",
  );
  checks.check(
    "restoreFrom.at",
    args.restoreFrom?.at,
    (time) => momentWithZone.test(time) && !Number.isNaN(Date.parse(time)),
    (time) => `is "${time}", which is no moment`,
    'Write it with its zone, as in "2026-11-20T14:03:27Z" or "2026-11-20T15:03:27+01:00".',
  );
  const size = databaseSizes.find(({ slug }) => slug === args.size);
  if (size) {
    checks.range("diskGib", args.diskGib, size.diskGib, size.maximumDiskGib);
    const { diskGib = size.diskGib } = args;
    const room = size.maximumDiskGib - diskGib;
    checks.check(
      "diskGrowth.incrementGib",
      args.diskGrowth?.incrementGib,
      // Of a disk that the size does not have, no room can be told.
      (increment) => increment <= room || diskGib > size.maximumDiskGib,
      (increment) => `is ${increment}, and the size ${size.slug} has room for ${room} GiB more`,
      "Choose a larger size, or a smaller step.",
    );
  }
}
