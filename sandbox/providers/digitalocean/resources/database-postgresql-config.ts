import { boolean, type Fields, integer, list, number, object, set, string } from "../dsl/fields.ts";
import { type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { databaseConfig, plainlyRead } from "../support/database-config.ts";
import { clusterId } from "../support/databases.ts";

/** The pooler in front of the server. */
const pgbouncers = list(
  object({
    autodbIdleTimeout: integer({ computed: true, min: 0, max: 86_400 }),
    autodbMaxDbConnections: integer({ computed: true, min: 0, max: 2_147_483_647 }),
    autodbPoolMode: string({ computed: true, oneOf: ["session", "transaction", "statement"] }),
    autodbPoolSize: integer({ computed: true, min: 0, max: 10_000 }),
    ignoreStartupParameters: set(string({ oneOf: ["extra_float_digits", "search_path"] }), {
      computed: true,
    }),
    minPoolSize: integer({ computed: true, min: 0, max: 10_000 }),
    serverIdleTimeout: integer({ computed: true, min: 0, max: 86_400 }),
    serverLifetime: integer({ computed: true, min: 60, max: 86_400 }),
    serverResetQueryAlways: boolean({ computed: true }),
  }),
  { computed: true, maxItems: 1 },
);

const timescaledbs = list(
  object({
    maxBackgroundWorkers: integer({ computed: true, min: 1, max: 4_096 }),
  }),
  { computed: true, maxItems: 1 },
);

/** Every setting is the cloud's to choose as long as the program does not. */
const inputs: Fields = plainlyRead({
  autovacuumAnalyzeScaleFactor: number({ computed: true, single: true, min: 0, max: 1 }),
  autovacuumAnalyzeThreshold: integer({ computed: true, min: 0, max: 2_147_483_647 }),
  autovacuumFreezeMaxAge: integer({ computed: true, min: 200_000_000, max: 1_500_000_000 }),
  autovacuumMaxWorkers: integer({ computed: true, min: 1, max: 20 }),
  autovacuumNaptime: integer({ computed: true, min: 0, max: 86_400 }),
  autovacuumVacuumCostDelay: integer({ computed: true, min: -1, max: 100 }),
  autovacuumVacuumCostLimit: integer({ computed: true, min: -1, max: 10_000 }),
  autovacuumVacuumScaleFactor: number({ computed: true, single: true, min: 0, max: 1 }),
  autovacuumVacuumThreshold: integer({ computed: true, min: 0, max: 2_147_483_647 }),
  backupHour: integer({ computed: true, min: 0, max: 23 }),
  backupMinute: integer({ computed: true, min: 0, max: 59 }),
  bgwriterDelay: integer({ computed: true, min: 10, max: 10_000 }),
  bgwriterFlushAfter: integer({ computed: true, min: 0, max: 2_048 }),
  bgwriterLruMaxpages: integer({ computed: true, min: 0, max: 1_073_741_823 }),
  bgwriterLruMultiplier: number({ computed: true, single: true, min: 0, max: 10 }),
  clusterId,
  deadlockTimeout: integer({ computed: true, min: 500, max: 1_800_000 }),
  defaultToastCompression: string({ computed: true, oneOf: ["lz4", "pglz"] }),
  idleInTransactionSessionTimeout: integer({ computed: true, min: 0, max: 604_800_000 }),
  jit: boolean({ computed: true }),
  logAutovacuumMinDuration: integer({ computed: true, min: -1, max: 2_147_483_647 }),
  logErrorVerbosity: string({ computed: true, oneOf: ["TERSE", "DEFAULT", "VERBOSE"] }),
  logLinePrefix: string({
    computed: true,
    oneOf: [
      "pid=%p,user=%u,db=%d,app=%a,client=%h",
      "%m [%p] %q[user=%u,db=%d,app=%a]",
      "%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h",
    ],
  }),
  logMinDurationStatement: integer({ computed: true, min: -1, max: 86_400_000 }),
  maxFilesPerProcess: integer({ computed: true, min: 1_000, max: 4_096 }),
  maxLocksPerTransaction: integer({ computed: true, min: 64, max: 6_400 }),
  maxLogicalReplicationWorkers: integer({ computed: true, min: 4, max: 64 }),
  maxParallelWorkers: integer({ computed: true, min: 0, max: 96 }),
  maxParallelWorkersPerGather: integer({ computed: true, min: 0, max: 96 }),
  maxPredLocksPerTransaction: integer({ computed: true, min: 64, max: 640 }),
  maxPreparedTransactions: integer({ computed: true, min: 0, max: 10_000 }),
  maxReplicationSlots: integer({ computed: true, min: 8, max: 64 }),
  maxStackDepth: integer({ computed: true, min: 2_097_152, max: 6_291_456 }),
  maxStandbyArchiveDelay: integer({ computed: true, min: 1, max: 43_200_000 }),
  maxStandbyStreamingDelay: integer({ computed: true, min: 1, max: 43_200_000 }),
  maxWalSenders: integer({ computed: true, min: 20, max: 64 }),
  maxWorkerProcesses: integer({ computed: true, min: 8, max: 96 }),
  pgPartmanBgwInterval: integer({
    computed: true,
    wire: "pg_partman_bgw.interval",
    min: 3_600,
    max: 604_800,
  }),
  pgPartmanBgwRole: string({ computed: true, wire: "pg_partman_bgw.role", maxLength: 64 }),
  pgStatStatementsTrack: string({
    computed: true,
    wire: "pg_stat_statements.track",
    oneOf: ["all", "top", "none"],
  }),
  pgbouncers,
  sharedBuffersPercentage: number({ computed: true, single: true, min: 20, max: 60 }),
  tempFileLimit: integer({ computed: true, min: -1, max: 2_147_483_647 }),
  timescaledbs,
  timezone: string({ computed: true, maxLength: 64 }),
  trackActivityQuerySize: integer({ computed: true, min: 1_024, max: 10_240 }),
  trackCommitTimestamp: string({ computed: true, oneOf: ["off", "on"] }),
  trackFunctions: string({ computed: true, oneOf: ["all", "pl", "none"] }),
  trackIoTiming: string({ computed: true, oneOf: ["off", "on"] }),
  walSenderTimeout: integer({ computed: true, min: 0, max: 10_800_000 }),
  walWriterDelay: integer({ computed: true, min: 10, max: 200 }),
  workMem: integer({ computed: true, min: 1, max: 1_024 }),
});

/** The configuration of a managed PostgreSQL. */
export const databasePostgresqlConfig: ResourceDefinition = {
  token: resourceToken("DatabasePostgresqlConfig"),
  noun: "a PostgreSQL configuration",
  inputs,
  outputs: {},
  operations: databaseConfig({
    inputs,
    suffix: "postgresql-config",
    singles: [
      ["pgbouncers", "pgbouncer"],
      ["timescaledbs", "timescaledb"],
    ],
  }),
};
