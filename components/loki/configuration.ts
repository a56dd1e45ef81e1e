import { stringify } from "yaml";
import { lokiPort } from "./traffic.ts";

/** Where Loki finds what it reads, and keeps what is not in the bucket yet. */
export const folders = { configuration: "/etc/loki", data: "/loki" } as const;

/** Environment variables that name the bucket and the key to it; they come of a Secret, and the configuration of none. */
export const bucketVariables = {
  endpoint: "LOKI_S3_ENDPOINT",
  region: "LOKI_S3_REGION",
  bucket: "LOKI_S3_BUCKET",
  accessKeyId: "LOKI_S3_ACCESS_KEY_ID",
  secretAccessKey: "LOKI_S3_SECRET_ACCESS_KEY",
} as const;

/** What decides Loki's configuration. */
export interface LokiSettings {
  /** How long lines are kept. */
  readonly retentionDays: number;
  /** Memory that it is allowed, in MiB. */
  readonly memoryMib: number;
}

/** The day from which the store has its present form; another form begins with a further entry, never with a change of this. */
const schemaFrom = "2026-11-01";

/**
 * The whole configuration of the one program that is all of Loki: lines go into a log of their own first, then as
 * compressed chunks with their index into the bucket, where the compactor deletes what is too old.
 */
export function lokiConfiguration({ retentionDays, memoryMib }: LokiSettings): string {
  const variable = (name: keyof typeof bucketVariables) => `\${${bucketVariables[name]}}`;
  return stringify({
    // Who may call it is the network policy's to say: those who ship, those who read for operators.
    auth_enabled: false,
    target: "all",
    server: { http_listen_port: lokiPort, grpc_listen_address: "127.0.0.1", log_level: "warn" },
    common: {
      path_prefix: folders.data,
      instance_addr: "127.0.0.1",
      replication_factor: 1,
      ring: { kvstore: { store: "inmemory" } },
      storage: {
        s3: {
          endpoint: variable("endpoint"),
          region: variable("region"),
          bucketnames: variable("bucket"),
          access_key_id: variable("accessKeyId"),
          secret_access_key: variable("secretAccessKey"),
        },
      },
    },
    schema_config: {
      configs: [
        {
          from: schemaFrom,
          store: "tsdb",
          object_store: "s3",
          schema: "v13",
          index: { prefix: "index_", period: "24h" },
        },
      ],
    },
    ingester: {
      // What is younger is on the volume alone: a lost one takes an hour with it.
      max_chunk_age: "1h",
      chunk_idle_period: "30m",
      wal: {
        enabled: true,
        dir: `${folders.data}/wal`,
        flush_on_shutdown: true,
        // After a crash it reads its log again, and must not be stopped for that.
        replay_memory_ceiling: `${Math.floor(memoryMib / 2)}MB`,
      },
    },
    limits_config: {
      retention_period: `${retentionDays * 24}h`,
      allow_structured_metadata: true,
      // A program that floods does not push out the others: it is told to wait, and its node keeps what it says.
      ingestion_rate_mb: 8,
      ingestion_burst_size_mb: 16,
      per_stream_rate_limit: "4MB",
      per_stream_rate_limit_burst: "16MB",
      max_line_size: "256KB",
      max_line_size_truncate: true,
      // A node that was cut off for a weekend still gets rid of what it kept.
      reject_old_samples_max_age: "168h",
      max_global_streams_per_user: 5000,
      max_query_length: `${(retentionDays + 1) * 24}h`,
      max_query_parallelism: 4,
      query_timeout: "1m",
      volume_enabled: true,
    },
    compactor: {
      working_directory: `${folders.data}/compactor`,
      retention_enabled: true,
      delete_request_store: "s3",
      compaction_interval: "10m",
      retention_delete_delay: "2h",
    },
    query_range: {
      cache_results: true,
      results_cache: { cache: { embedded_cache: { enabled: true, max_size_mb: 32 } } },
    },
    // Alerts on logs are counted by those who ship them, and are Prometheus' like all others.
    analytics: { reporting_enabled: false },
  });
}
