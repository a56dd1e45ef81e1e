import { z } from "zod";
import type { EngineSlug } from "./model.ts";

const flag = z.boolean();
const whole = (minimum: number, maximum: number) => z.number().int().min(minimum).max(maximum);
const real = (minimum: number, maximum: number) => z.number().min(minimum).max(maximum);
const oneOf = (...values: [string, ...string[]]) => z.enum(values);

const mostInt = 2_147_483_647;

const pgbouncer = z
  .strictObject({
    server_reset_query_always: flag,
    ignore_startup_parameters: z.array(oneOf("extra_float_digits", "search_path")).max(32),
    min_pool_size: whole(0, 10_000),
    server_lifetime: whole(60, 86_400),
    server_idle_timeout: whole(0, 86_400),
    autodb_pool_size: whole(0, 10_000),
    autodb_pool_mode: oneOf("session", "transaction", "statement"),
    autodb_max_db_connections: whole(0, mostInt),
    autodb_idle_timeout: whole(0, 86_400),
  })
  .partial();

const postgres = z
  .strictObject({
    autovacuum_freeze_max_age: whole(200_000_000, 1_500_000_000),
    autovacuum_max_workers: whole(1, 20),
    autovacuum_naptime: whole(0, 86_400),
    autovacuum_vacuum_threshold: whole(0, mostInt),
    autovacuum_analyze_threshold: whole(0, mostInt),
    autovacuum_vacuum_scale_factor: real(0, 1),
    autovacuum_analyze_scale_factor: real(0, 1),
    autovacuum_vacuum_cost_delay: whole(-1, 100),
    autovacuum_vacuum_cost_limit: whole(-1, 10_000),
    backup_hour: whole(0, 23),
    backup_minute: whole(0, 59),
    bgwriter_delay: whole(10, 10_000),
    bgwriter_flush_after: whole(0, 2_048),
    bgwriter_lru_maxpages: whole(0, 1_073_741_823),
    bgwriter_lru_multiplier: real(0, 10),
    deadlock_timeout: whole(500, 1_800_000),
    default_toast_compression: oneOf("lz4", "pglz"),
    idle_in_transaction_session_timeout: whole(0, 604_800_000),
    jit: flag,
    log_autovacuum_min_duration: whole(-1, mostInt),
    log_error_verbosity: oneOf("TERSE", "DEFAULT", "VERBOSE"),
    log_line_prefix: oneOf(
      "pid=%p,user=%u,db=%d,app=%a,client=%h",
      "%m [%p] %q[user=%u,db=%d,app=%a]",
      "%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h",
    ),
    log_min_duration_statement: whole(-1, 86_400_000),
    max_connections: whole(25, mostInt),
    max_failover_replication_time_lag: whole(10, Number.MAX_SAFE_INTEGER),
    max_files_per_process: whole(1_000, 4_096),
    max_prepared_transactions: whole(0, 10_000),
    max_pred_locks_per_transaction: whole(64, 640),
    max_locks_per_transaction: whole(64, 6_400),
    max_slot_wal_keep_size: whole(-1, mostInt),
    max_stack_depth: whole(2_097_152, 6_291_456),
    max_standby_archive_delay: whole(1, 43_200_000),
    max_standby_streaming_delay: whole(1, 43_200_000),
    max_replication_slots: whole(8, 64),
    max_logical_replication_workers: whole(4, 64),
    max_parallel_workers: whole(0, 96),
    max_parallel_workers_per_gather: whole(0, 96),
    max_worker_processes: whole(8, 96),
    "pg_partman_bgw.role": z.string().regex(/^[_A-Za-z0-9][-._A-Za-z0-9]{0,63}$/),
    "pg_partman_bgw.interval": whole(3_600, 604_800),
    "pg_stat_statements.track": oneOf("all", "top", "none"),
    pgbouncer,
    shared_buffers_percentage: real(20, 60),
    stat_monitor_enable: flag,
    synchronous_replication: oneOf("off", "quorum"),
    temp_file_limit: whole(-1, mostInt),
    timescaledb: z.strictObject({ max_background_workers: whole(1, 4_096) }).partial(),
    timezone: z.string().max(64),
    track_activity_query_size: whole(1_024, 10_240),
    track_commit_timestamp: oneOf("off", "on"),
    track_functions: oneOf("all", "pl", "none"),
    track_io_timing: oneOf("off", "on"),
    max_wal_senders: whole(20, 64),
    wal_sender_timeout: z
      .number()
      .int()
      .max(10_800_000)
      .refine((milliseconds) => milliseconds === 0 || milliseconds >= 5_000, "is 0 or from 5000 to 10800000"),
    wal_writer_delay: whole(10, 200),
    work_mem: whole(1, 1_024),
  })
  .partial();

const valkey = z
  .strictObject({
    valkey_maxmemory_policy: oneOf(
      "noeviction",
      "allkeys-lru",
      "allkeys-random",
      "volatile-lru",
      "volatile-random",
      "volatile-ttl",
    ),
    valkey_pubsub_client_output_buffer_limit: whole(32, 512),
    valkey_number_of_databases: whole(1, 128),
    valkey_io_threads: whole(1, 32),
    valkey_lfu_log_factor: whole(0, 100),
    valkey_lfu_decay_time: whole(1, 120),
    valkey_ssl: flag,
    valkey_timeout: whole(0, 31_536_000),
    valkey_notify_keyspace_events: z
      .string()
      .max(32)
      .regex(/^[KEg$lshzxeA]*$/, "may hold K, E, g, $, l, s, h, z, x, e and A only"),
    valkey_persistence: oneOf("off", "rdb"),
    valkey_acl_channels_default: oneOf("allchannels", "resetchannels"),
    frequent_snapshots: flag,
    valkey_active_expire_effort: whole(1, 10),
  })
  .partial();

/** What can be configured about an engine, and in which ranges. */
export const configurationSchemas = { pg: postgres, valkey } as const satisfies Record<EngineSlug, z.ZodType>;

/** What a new cluster of the engine is set to, as far as the API says it. */
export const configurationDefaults: Readonly<Record<EngineSlug, Readonly<Record<string, unknown>>>> = {
  pg: {
    autovacuum_naptime: 60,
    autovacuum_vacuum_threshold: 50,
    autovacuum_analyze_threshold: 50,
    autovacuum_vacuum_scale_factor: 0.2,
    autovacuum_analyze_scale_factor: 0.1,
    jit: true,
    shared_buffers_percentage: 20,
  },
  valkey: {
    valkey_maxmemory_policy: "noeviction",
    valkey_lfu_log_factor: 10,
    valkey_lfu_decay_time: 1,
    valkey_ssl: true,
    valkey_timeout: 300,
    valkey_notify_keyspace_events: "",
    valkey_persistence: "rdb",
    valkey_acl_channels_default: "allchannels",
    frequent_snapshots: true,
    valkey_active_expire_effort: 1,
  },
};
