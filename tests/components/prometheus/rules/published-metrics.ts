/** Metrics of one exporter. */
interface PublishedMetrics {
  /** Where the names stand: the program that printed them on 2026-11-22, or the address that its makers publish them at. */
  readonly source: string;
  readonly names: readonly string[];
}

/**
 * The metrics of others that rules and dashboards ask for, by who tells them. What a program printed was read from it; the
 * addresses are the makers' own, and not all were opened. The application's stand in docs/metrics.md, and those of the GPU
 * pool's controller in its own source.
 */
export const publishedMetrics: Readonly<Record<string, PublishedMetrics>> = {
  "node exporter": {
    source: "printed by Debian 12's prometheus-node-exporter 1.5.0",
    names: [
      "node_cpu_seconds_total",
      "node_filesystem_avail_bytes",
      "node_filesystem_files",
      "node_filesystem_files_free",
      "node_filesystem_readonly",
      "node_filesystem_size_bytes",
      "node_memory_MemAvailable_bytes",
      "node_memory_MemTotal_bytes",
      "node_network_receive_bytes_total",
      "node_network_transmit_bytes_total",
      "node_timex_offset_seconds",
    ],
  },
  "opentelemetry collector": {
    source:
      "printed by the collector 0.151.0, built from its Go modules, on the configuration of components/opentelemetry-collector",
    names: [
      "otelcol_exporter_queue_capacity",
      "otelcol_exporter_queue_size",
      "otelcol_processor_tail_sampling_sampling_trace_dropped_too_early_total",
      "otelcol_receiver_accepted_spans_total",
      "otelcol_receiver_refused_spans_total",
    ],
  },
  "fluent bit": {
    source: "printed by Fluent Bit 5.1.1, run on the configuration of components/log-shipping",
    names: [
      "fluentbit_output_dropped_records_total",
      "fluentbit_output_proc_records_total",
      "fluentbit_output_retries_total",
      "log_records_total",
    ],
  },
  "postgres exporter": {
    source: "printed by Debian 12's prometheus-postgres-exporter 0.11.1 on PostgreSQL 18",
    names: [
      "pg_database_size_bytes",
      "pg_settings_max_connections",
      "pg_stat_activity_count",
      "pg_stat_activity_max_tx_duration",
      "pg_stat_database_blks_hit",
      "pg_stat_database_blks_read",
      "pg_stat_database_deadlocks",
      "pg_stat_database_xact_commit",
      "pg_stat_database_xact_rollback",
      "pg_up",
    ],
  },
  "managed databases": {
    source:
      "Telegraf's names, which DigitalOcean's endpoint tells: https://docs.digitalocean.com/products/databases/postgresql/how-to/monitor-clusters",
    names: [
      "cpu_usage_idle",
      "cpu_usage_system",
      "cpu_usage_user",
      "disk_used_percent",
      "mem_used_percent",
      "system_load15",
      "system_n_cpus",
    ],
  },
  "redis exporter": {
    source: "printed by Debian 12's prometheus-redis-exporter 1.45.0 on Redis 7.0",
    names: [
      "redis_commands_processed_total",
      "redis_connected_clients",
      "redis_db_keys",
      "redis_errors_total",
      "redis_evicted_keys_total",
      "redis_key_size",
      "redis_keyspace_hits_total",
      "redis_keyspace_misses_total",
      "redis_memory_max_bytes",
      "redis_memory_used_bytes",
      "redis_rejected_connections_total",
      "redis_up",
    ],
  },
  "elasticsearch exporter": {
    source:
      "printed by elasticsearch_exporter 1.9.0, built from its module, on answers of Elasticsearch 7 that come with it",
    names: [
      "elasticsearch_cluster_health_number_of_nodes",
      "elasticsearch_cluster_health_status",
      "elasticsearch_cluster_health_unassigned_shards",
      "elasticsearch_filesystem_data_available_bytes",
      "elasticsearch_filesystem_data_size_bytes",
      "elasticsearch_indices_indexing_index_total",
      "elasticsearch_jvm_memory_max_bytes",
      "elasticsearch_jvm_memory_used_bytes",
      "elasticsearch_scrape_success",
      "elasticsearch_slm_stats_snapshots_failed_total",
      "elasticsearch_snapshot_stats_latest_snapshot_timestamp_seconds",
    ],
  },
  "blackbox exporter": {
    source: "printed by Debian 12's prometheus-blackbox-exporter 0.23.0",
    names: ["probe_duration_seconds", "probe_success"],
  },
  "nginx exporter": {
    source: "printed by Debian 12's prometheus-nginx-exporter 0.11.0",
    names: [
      "nginx_connections_accepted",
      "nginx_connections_handled",
      "nginx_connections_reading",
      "nginx_connections_waiting",
      "nginx_connections_writing",
      "nginx_http_requests_total",
      "nginx_up",
    ],
  },
  Alertmanager: {
    source: "printed by Debian 12's prometheus-alertmanager 0.25.0",
    names: [
      "alertmanager_cluster_members",
      "alertmanager_config_last_reload_successful",
      "alertmanager_notifications_failed_total",
    ],
  },
  Prometheus: {
    source: "printed by Debian 12's prometheus 2.42.0",
    names: [
      "process_start_time_seconds",
      "prometheus_config_last_reload_successful",
      "prometheus_notifications_alertmanagers_discovered",
      "prometheus_notifications_errors_total",
      "prometheus_notifications_sent_total",
      "prometheus_rule_evaluation_failures_total",
      "prometheus_rule_group_interval_seconds",
      "prometheus_rule_group_last_duration_seconds",
      "prometheus_target_scrapes_exceeded_body_size_limit_total",
      "prometheus_target_scrapes_exceeded_sample_limit_total",
      "prometheus_tsdb_compactions_failed_total",
      "prometheus_tsdb_head_series",
      "prometheus_tsdb_wal_corruptions_total",
    ],
  },
  "kube-state-metrics": {
    source: "https://github.com/kubernetes/kube-state-metrics/tree/main/docs/metrics",
    names: [
      "kube_cronjob_created",
      "kube_cronjob_status_last_schedule_time",
      "kube_cronjob_status_last_successful_time",
      "kube_daemonset_status_number_unavailable",
      "kube_deployment_spec_replicas",
      "kube_deployment_status_condition",
      "kube_deployment_status_replicas_available",
      "kube_horizontalpodautoscaler_spec_max_replicas",
      "kube_horizontalpodautoscaler_spec_min_replicas",
      "kube_horizontalpodautoscaler_status_current_replicas",
      "kube_job_failed",
      "kube_node_info",
      "kube_node_status_allocatable",
      "kube_node_status_condition",
      "kube_pod_container_info",
      "kube_pod_container_resource_requests",
      "kube_pod_container_status_last_terminated_reason",
      "kube_pod_container_status_restarts_total",
      "kube_pod_container_status_waiting_reason",
      "kube_pod_info",
      "kube_pod_status_phase",
      "kube_resourcequota",
      "kube_statefulset_replicas",
      "kube_statefulset_status_replicas_ready",
    ],
  },
  "DCGM exporter": {
    source: "https://github.com/NVIDIA/dcgm-exporter/blob/main/etc/default-counters.csv",
    names: [
      "DCGM_FI_DEV_FB_FREE",
      "DCGM_FI_DEV_FB_USED",
      "DCGM_FI_DEV_GPU_TEMP",
      "DCGM_FI_DEV_GPU_UTIL",
      "DCGM_FI_DEV_POWER_USAGE",
      "DCGM_FI_DEV_ROW_REMAP_FAILURE",
      "DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS",
      "DCGM_FI_DEV_XID_ERRORS",
    ],
  },
  "kubelet and cAdvisor": {
    source:
      "https://kubernetes.io/docs/reference/instrumentation/metrics/ and https://github.com/google/cadvisor/blob/master/docs/storage/prometheus.md",
    names: [
      "container_cpu_usage_seconds_total",
      "container_memory_working_set_bytes",
      "container_network_receive_bytes_total",
      "container_network_transmit_bytes_total",
      "kubelet_volume_stats_available_bytes",
      "kubelet_volume_stats_capacity_bytes",
    ],
  },
  Falco: {
    source: "https://falco.org/docs/concepts/metrics/",
    names: ["falcosecurity_falco_rules_matches_total"],
  },
  "AMD device metrics exporter": {
    source: "https://github.com/ROCm/device-metrics-exporter/blob/v1.5.0/docs/configuration/metricslist.md",
    names: [
      "gpu_ecc_uncorrect_total",
      "gpu_gfx_activity",
      "gpu_junction_temperature",
      "gpu_package_power",
      "gpu_total_vram",
      "gpu_used_vram",
    ],
  },
  "Neo4j enterprise": {
    source: "https://neo4j.com/docs/operations-manual/5/monitoring/metrics/reference/",
    names: [
      "neo4j_database_neo4j_cluster_raft_is_leader",
      "neo4j_database_neo4j_db_query_execution_failure_total",
      "neo4j_database_neo4j_db_query_execution_success_total",
      "neo4j_dbms_page_cache_hit_ratio",
      "neo4j_dbms_vm_pause_time_total",
    ],
  },
  "postgres exporter of today": {
    source:
      "https://github.com/prometheus-community/postgres_exporter/blob/master/collector/pg_replication.go",
    names: ["pg_replication_lag_seconds"],
  },
  "blackbox exporter on TLS": {
    source: "https://github.com/prometheus/blackbox_exporter/blob/master/prober/http.go",
    names: ["probe_ssl_earliest_cert_expiry"],
  },
};
