import type { Relabelling } from "./job.ts";

/** Of a family of metrics that some job tells, the few that anybody reads. */
interface Family {
  /** Scrape jobs that it is told by, as a regular expression. */
  readonly jobs: string;
  /** All of the family, as a regular expression. */
  readonly family: string;
  /** What is kept of it, as a regular expression. @default nothing */
  readonly kept?: string;
}

/**
 * What is told and not kept: no rule and no dashboard reads it, and each series costs memory. A rule that begins to read one
 * of these adds it to what is kept; a test finds out when it does not.
 */
export const families: readonly Family[] = [
  // Of Go's and of the exporters' own insides.
  { jobs: ".+", family: "go_.+|promhttp_.+|net_conntrack_.+" },
  {
    jobs: "postgres-exporter",
    family: "pg_settings_.+",
    kept: "pg_settings_(max_connections|max_wal_size_bytes|shared_buffers_bytes)",
  },
  { jobs: "postgres-exporter", family: "pg_(statio_user_tables|roles)_.+" },
  {
    jobs: "postgres-exporter",
    family: "pg_stat_user_tables_.+",
    kept: "pg_stat_user_tables_(n_dead_tup|n_live_tup|last_autovacuum|last_vacuum|seq_scan|idx_scan|size_bytes)",
  },
  { jobs: "valkey-exporter", family: "redis_(config|latency_percentiles|exporter)_.+" },
  { jobs: "prometheus|alertmanager", family: ".+_bucket|prometheus_(sd|remote|template|treecache)_.+" },
  {
    // Each table, index and statement has series of its own there.
    jobs: "managed-.+",
    family: ".+",
    kept: "cpu_usage_(idle|system|user)|(disk|mem)_used_percent|system_load15|system_n_cpus",
  },
  {
    jobs: "kubelet",
    family: ".+",
    kept: "kubelet_volume_stats_(available_bytes|capacity_bytes|used_bytes|inodes|inodes_free)|kubelet_running_(pods|containers)",
  },
  {
    jobs: "cadvisor",
    family: ".+",
    kept: "container_(cpu_usage_seconds_total|cpu_cfs_periods_total|cpu_cfs_throttled_periods_total|memory_working_set_bytes|oom_events_total|network_(receive|transmit)_bytes_total)",
  },
];

const mark = "__tmp_fate";

/** The steps by which a scrape loses what is not kept; the same for every job. */
export const keepingOnlyWhatIsRead: readonly Relabelling[] = [
  ...families.flatMap(({ jobs, family, kept }): Relabelling[] => [
    // An empty label is none, so that what is kept bears no mark.
    {
      source_labels: ["job", "__name__"],
      regex: `(${jobs});(${family})`,
      target_label: mark,
      replacement: "drop",
    },
    ...(kept === undefined
      ? []
      : [{ source_labels: ["__name__"], regex: kept, target_label: mark, replacement: "" }]),
    { source_labels: [mark], regex: "drop", action: "drop" },
  ]),
];
