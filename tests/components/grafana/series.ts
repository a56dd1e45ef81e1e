/*
 * An afternoon of a platform that is well but for a few things, in the form in which its parts tell of it: names and labels
 * are those that the exporters print, and those of the scrape.
 */

/** A series of the afternoon. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Its value so many seconds after the beginning. */
  readonly at: (second: number) => number;
  /** From which second on there is one. @default 0 */
  readonly since?: number;
}

type Labels = Readonly<Record<string, string>>;

const gauge = (name: string, labels: Labels, value: number): Series => ({ name, labels, at: () => value });
const counter = (name: string, labels: Labels, perSecond: number): Series => ({
  name,
  labels,
  at: (second) => 1000 + second * perSecond,
});

/** A histogram in which each bound has its share of the observations. */
function histogram(
  name: string,
  labels: Labels,
  perSecond: number,
  shares: Readonly<Record<string, number>>,
): Series[] {
  return [
    ...Object.entries({ ...shares, "+Inf": 1 }).map(([le, share]) =>
      counter(`${name}_bucket`, { ...labels, le }, perSecond * share),
    ),
    counter(`${name}_count`, labels, perSecond),
    counter(`${name}_sum`, labels, perSecond * 0.3),
  ];
}

const pod = (job: string, space: string, number = 0) => ({
  job,
  instance: `10.17.0.${number + 10}:8000`,
  namespace: `whisper-staging-${space}`,
  pod: `whisper-staging-app-${job}-7c9f8d6b5d-x${number}k2p`,
  node: "general-1",
});
const api = pod("api", "application");
const candidate = pod("api-candidate", "application", 1);
const edge = pod("edge", "edge", 2);
const worker = { job: "gpu-worker", instance: "10.16.0.4:9100" };
const machine = { job: "gpu-worker-machine", instance: "10.16.0.4:9101" };
const gpu = { job: "gpu-worker-gpu", instance: "10.16.0.4:9400" };
const node = { job: "node-exporter", instance: "general-1", node: "general-1" };
const exporter = (name: string, instance: string) => ({
  job: `${name}-exporter`,
  instance,
  namespace: "whisper-staging-monitoring",
  pod: `whisper-staging-${name}-exporter-6d5f4c-abcde`,
});
const postgres = exporter("postgres", "postgres");
const valkey = exporter("valkey", "valkey");
const managed = [
  { job: "managed-postgres", instance: "whisper-staging-postgres" },
  { job: "managed-valkey", instance: "whisper-staging-valkey" },
];
const neo4j = { ...pod("neo4j", "stores", 3), pod: "whisper-staging-neo4j-0" };
const falco = { job: "falco", instance: "general-1", node: "general-1" };
const prometheus = { job: "prometheus", instance: "127.0.0.1:9090" };
const alertmanager = { job: "alertmanager", instance: "alertmanager-0:9093" };

const requests = [api, candidate].flatMap((target) => [
  ...[
    { handler: "/jobs/{id}", method: "GET", status: "200", perSecond: 8 },
    { handler: "/jobs", method: "POST", status: "201", perSecond: 2 },
    { handler: "/jobs", method: "POST", status: "503", perSecond: 0.02 },
    { handler: "/auth/token", method: "POST", status: "401", perSecond: 0.2 },
  ].map(({ perSecond, ...labels }) => counter("http_requests_total", { ...target, ...labels }, perSecond)),
  ...[
    { handler: "/jobs/{id}", method: "GET" },
    { handler: "/jobs", method: "POST" },
  ].flatMap((labels) =>
    histogram("http_request_duration_seconds", { ...target, ...labels }, 5, {
      "0.1": 0.5,
      "0.25": 0.7,
      "0.5": 0.9,
      "1.0": 0.95,
      "2.0": 0.99,
      "5.0": 1,
    }),
  ),
  ...["select", "update"].flatMap((operation) =>
    histogram("database_query_duration_seconds", { ...target, operation }, 20, {
      "0.01": 0.8,
      "0.1": 0.95,
      "1.0": 0.999,
    }),
  ),
  ...["taken", "free"].map((state) => gauge("database_pool_connections", { ...target, state }, 10)),
  ...["succeeded", "failed"].map((outcome) =>
    counter("login_attempts_total", { ...target, outcome }, outcome === "failed" ? 0.1 : 0.02),
  ),
  gauge("users_active", target, 42),
  gauge("sessions_open", target, 120),
]);

const jobs = [
  ...["completed", "failed"].map((outcome) =>
    counter("transcription_jobs_total", { ...worker, outcome }, outcome === "failed" ? 0.001 : 0.02),
  ),
  gauge("transcription_jobs_active", worker, 2),
  counter("transcription_audio_seconds_total", worker, 12),
  ...histogram("transcription_duration_seconds", worker, 0.02, {
    "60.0": 0.3,
    "240.0": 0.8,
    "900.0": 0.95,
    "3600.0": 1,
    "7200.0": 1,
  }),
];

const atTheEdge = [
  ...["https://whisper.example.com", "https://api.whisper.example.com/health"].flatMap((instance) => [
    gauge("probe_success", { job: "blackbox", instance }, 1),
    gauge("probe_duration_seconds", { job: "blackbox", instance }, 0.2),
    gauge("probe_ssl_earliest_cert_expiry", { job: "blackbox", instance }, Date.now() / 1000 + 60 * 86_400),
  ]),
  gauge("nginx_up", edge, 1),
  counter("nginx_http_requests_total", edge, 12),
  counter("nginx_connections_accepted", edge, 3),
  counter("nginx_connections_handled", edge, 3),
  gauge("nginx_connections_reading", edge, 0),
  gauge("nginx_connections_writing", edge, 4),
  gauge("nginx_connections_waiting", edge, 9),
];

const gpus = [
  gauge("DCGM_FI_DEV_GPU_UTIL", { ...gpu, gpu: "0", modelName: "NVIDIA L40S" }, 80),
  gauge("DCGM_FI_DEV_FB_USED", { ...gpu, gpu: "0" }, 30_000),
  gauge("DCGM_FI_DEV_FB_FREE", { ...gpu, gpu: "0" }, 15_000),
  gauge("DCGM_FI_DEV_GPU_TEMP", { ...gpu, gpu: "0" }, 64),
  gauge("DCGM_FI_DEV_POWER_USAGE", { ...gpu, gpu: "0" }, 240),
  gauge("DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS", { ...gpu, gpu: "0" }, 0),
  ...["wanted", "ceiling", "running"].map((state) =>
    gauge("gpu_pool_members", { job: "gpu-pool-controller", instance: "10.17.0.40:9100", state }, 2),
  ),
  ...["current", "failing"].map((state) =>
    gauge("gpu_secrets_members", { job: "gpu-secrets-delivery", instance: "10.17.0.41:9100", state }, 1),
  ),
  gauge("gpu_pool_spent_usd", { job: "gpu-pool-controller", instance: "10.17.0.40:9100" }, 20),
  gauge("gpu_pool_budget_usd", { job: "gpu-pool-controller", instance: "10.17.0.40:9100" }, 60),
  {
    name: "gpu_pool_decided_timestamp_seconds",
    labels: { job: "gpu-pool-controller", instance: "10.17.0.40:9100" },
    at: () => Date.now() / 1000 - 5,
  },
];

const machines = [node, machine].flatMap((target) => [
  counter("node_cpu_seconds_total", { ...target, cpu: "0", mode: "idle" }, 0.7),
  counter("node_cpu_seconds_total", { ...target, cpu: "0", mode: "user" }, 0.3),
  gauge("node_memory_MemAvailable_bytes", target, 4e9),
  gauge("node_memory_MemTotal_bytes", target, 8e9),
  gauge(
    "node_filesystem_avail_bytes",
    { ...target, device: "/dev/vda1", fstype: "ext4", mountpoint: "/" },
    6e10,
  ),
  gauge(
    "node_filesystem_size_bytes",
    { ...target, device: "/dev/vda1", fstype: "ext4", mountpoint: "/" },
    8e10,
  ),
]);

const stores = [
  ...managed.flatMap((cluster) => [
    ...["user", "system", "idle"].map((mode) =>
      gauge(`cpu_usage_${mode}`, { ...cluster, cpu: "cpu-total" }, mode === "idle" ? 70 : 15),
    ),
    gauge("disk_used_percent", { ...cluster, device: "vda1", fstype: "ext4", path: "/" }, 42),
    gauge("mem_used_percent", cluster, 60),
    gauge("system_load15", cluster, 0.8),
    gauge("system_n_cpus", cluster, 2),
  ]),
  gauge("pg_up", postgres, 1),
  gauge("pg_settings_max_connections", { ...postgres, server: "postgres:25060" }, 100),
  gauge("pg_replication_lag_seconds", postgres, 0),
  ...["active", "idle"].map((state) =>
    gauge("pg_stat_activity_count", { ...postgres, datname: "whisper", server: "postgres:25060", state }, 12),
  ),
  gauge(
    "pg_stat_activity_max_tx_duration",
    { ...postgres, datname: "whisper", server: "postgres:25060", state: "active" },
    2,
  ),
  ...["blks_hit", "blks_read", "xact_commit", "xact_rollback", "deadlocks"].map((what) =>
    counter(
      `pg_stat_database_${what}`,
      { ...postgres, datid: "16384", datname: "whisper" },
      { blks_hit: 900, blks_read: 20, xact_commit: 30, xact_rollback: 1 }[what] ?? 0,
    ),
  ),
  gauge("pg_database_size_bytes", { ...postgres, datname: "whisper", server: "postgres:25060" }, 3e9),
  gauge("redis_up", valkey, 1),
  gauge("redis_connected_clients", valkey, 30),
  gauge("redis_memory_used_bytes", valkey, 3e8),
  gauge("redis_memory_max_bytes", valkey, 1e9),
  gauge("redis_key_size", { ...valkey, db: "db0", key: "transcription" }, 12),
  gauge("redis_db_keys", { ...valkey, db: "db0" }, 40),
  ...["keyspace_hits", "keyspace_misses", "commands_processed", "evicted_keys", "rejected_connections"].map(
    (what) =>
      counter(
        `redis_${what}_total`,
        valkey,
        { keyspace_hits: 90, keyspace_misses: 10, commands_processed: 150 }[what] ?? 0,
      ),
  ),
  gauge("neo4j_database_neo4j_cluster_raft_is_leader", neo4j, 1),
  gauge("neo4j_dbms_page_cache_hit_ratio", neo4j, 0.99),
  counter("neo4j_dbms_vm_pause_time_total", neo4j, 4),
  counter("neo4j_database_neo4j_db_query_execution_success_total", neo4j, 5),
  counter("neo4j_database_neo4j_db_query_execution_failure_total", neo4j, 0.01),
];

const state = { job: "kube-state-metrics", instance: "kube-state-metrics" };
const application = { ...state, namespace: "whisper-staging-application" };
const workloads = [api, edge, neo4j].flatMap(({ pod: name, namespace, node: where }) => [
  gauge("kube_pod_info", { ...state, namespace, pod: name, node: where }, 1),
  gauge("kube_pod_status_phase", { ...state, namespace, pod: name, phase: "Pending" }, 0),
  counter(
    "kube_pod_container_status_restarts_total",
    { ...state, namespace, pod: name, container: "main" },
    0,
  ),
  gauge(
    "kube_pod_container_resource_requests",
    { ...state, namespace, pod: name, container: "main", resource: "cpu" },
    0.25,
  ),
  gauge(
    "kube_pod_container_resource_requests",
    { ...state, namespace, pod: name, container: "main", resource: "memory" },
    5e8,
  ),
  ...[
    "container_cpu_usage_seconds_total",
    "container_network_receive_bytes_total",
    "container_network_transmit_bytes_total",
  ].map((metric) =>
    counter(metric, { job: "cadvisor", instance: where, namespace, pod: name, container: "main" }, 0.2),
  ),
  gauge(
    "container_memory_working_set_bytes",
    { job: "cadvisor", instance: where, namespace, pod: name, container: "main" },
    4e8,
  ),
]);

const lastRelease = 60 * 60;
const kubernetes: Series[] = [
  ...workloads,
  gauge(
    "kube_pod_container_info",
    { ...application, pod: api.pod, container: "api", image: "registry/api:1.4.2" },
    1,
  ),
  {
    ...gauge(
      "kube_pod_container_info",
      { ...application, pod: "new", container: "api", image: "registry/api:1.5.0" },
      1,
    ),
    since: lastRelease,
  },
  gauge("kube_node_info", { ...state, node: "general-1" }, 1),
  gauge("kube_node_status_condition", { ...state, node: "general-1", condition: "Ready", status: "true" }, 1),
  gauge("kube_node_status_allocatable", { ...state, node: "general-1", resource: "cpu" }, 3.9),
  gauge("kube_node_status_allocatable", { ...state, node: "general-1", resource: "memory" }, 6e9),
  gauge("kube_node_status_allocatable", { ...state, node: "general-1", resource: "pods" }, 110),
  gauge("kube_deployment_spec_replicas", { ...application, deployment: "api" }, 2),
  gauge("kube_deployment_status_replicas_available", { ...application, deployment: "api" }, 2),
  ...["kube_statefulset_replicas", "kube_statefulset_status_replicas_ready"].map((name) =>
    gauge(name, { ...state, namespace: "whisper-staging-stores", statefulset: "whisper-staging-neo4j" }, 1),
  ),
  gauge(
    "kube_daemonset_status_number_unavailable",
    { ...state, namespace: "whisper-staging-node-agents", daemonset: "falco" },
    0,
  ),
  {
    name: "kube_cronjob_status_last_successful_time",
    labels: { ...state, namespace: "whisper-staging-monitoring", cronjob: "whisper-staging-health-monitor" },
    at: (second) => Date.now() / 1000 - 3600 + second,
  },
  gauge("kube_job_failed", { ...application, job_name: "migrations", condition: "true" }, 0),
  ...["used", "hard"].map((type) =>
    gauge(
      "kube_resourcequota",
      { ...application, resourcequota: "quota", resource: "requests.cpu", type },
      type === "used" ? 2 : 4,
    ),
  ),
  gauge(
    "kube_horizontalpodautoscaler_status_current_replicas",
    { ...application, horizontalpodautoscaler: "api" },
    3,
  ),
  gauge(
    "kube_horizontalpodautoscaler_spec_max_replicas",
    { ...application, horizontalpodautoscaler: "api" },
    12,
  ),
  ...["available", "capacity"].map((what) =>
    gauge(
      `kubelet_volume_stats_${what}_bytes`,
      {
        job: "kubelet",
        instance: "general-1",
        namespace: "whisper-staging-stores",
        persistentvolumeclaim: "data-whisper-staging-neo4j-0",
      },
      what === "available" ? 6e9 : 1e10,
    ),
  ),
];

const shipping = { job: "log-shipping", instance: "general-1", node: "general-1" };
const logged = [
  ...["info", "error", "critical"].map((level) =>
    counter("log_records_total", { ...shipping, component: "app-api", level, event: "none" }, 0.5),
  ),
  ...["failed-login", "probe", "probe-answered", "privilege-refused"].map((event) =>
    counter("log_records_total", { ...shipping, component: "proxy", level: "info", event }, 0.01),
  ),
  ...["proc_records", "retries", "dropped_records"].map((what) =>
    counter(
      `fluentbit_output_${what}_total`,
      { ...shipping, name: "store" },
      what === "proc_records" ? 5 : 0,
    ),
  ),
];

const collector = { job: "opentelemetry-collector", instance: "10.17.0.9:8888" };
const traced = [
  counter("otelcol_receiver_accepted_spans_total", { ...collector, receiver: "otlp", transport: "http" }, 20),
  counter("otelcol_receiver_refused_spans_total", { ...collector, receiver: "otlp", transport: "http" }, 0),
  counter("otelcol_processor_tail_sampling_sampling_trace_dropped_too_early_total", collector, 0),
  gauge("otelcol_exporter_queue_size", { ...collector, exporter: "otlp_grpc" }, 3),
  gauge("otelcol_exporter_queue_capacity", { ...collector, exporter: "otlp_grpc" }, 1_000),
];

const watchers = [
  counter(
    "falcosecurity_falco_rules_matches_total",
    { ...falco, rule_name: "Terminal shell in container", priority: "4", source: "syscall" },
    0,
  ),
  gauge("prometheus_config_last_reload_successful", prometheus, 1),
  gauge("prometheus_tsdb_head_series", prometheus, 12_000),
  // Something is to be told: Prometheus starts each quarter of an hour.
  {
    name: "process_start_time_seconds",
    labels: prometheus,
    at: (second: number) => 1_790_000_000 + Math.floor(second / 900) * 900,
  },
  counter("prometheus_tsdb_compactions_failed_total", prometheus, 0),
  counter("prometheus_tsdb_wal_corruptions_total", prometheus, 0),
  gauge("prometheus_notifications_alertmanagers_discovered", prometheus, 1),
  gauge(
    "prometheus_rule_group_last_duration_seconds",
    { ...prometheus, rule_group: "rules.yml;application" },
    0.01,
  ),
  gauge("prometheus_rule_group_interval_seconds", { ...prometheus, rule_group: "rules.yml;application" }, 30),
  counter(
    "prometheus_rule_evaluation_failures_total",
    { ...prometheus, rule_group: "rules.yml;application" },
    0,
  ),
  counter(
    "prometheus_notifications_errors_total",
    { ...prometheus, alertmanager: "http://alertmanager-0:9093" },
    0,
  ),
  counter(
    "prometheus_notifications_sent_total",
    { ...prometheus, alertmanager: "http://alertmanager-0:9093" },
    0.1,
  ),
  gauge("alertmanager_config_last_reload_successful", alertmanager, 1),
  counter("alertmanager_notifications_failed_total", { ...alertmanager, integration: "slack" }, 0),
];

const elasticsearch = exporter("elasticsearch", "elasticsearch");
const inElasticsearch = { ...elasticsearch, cluster: "whisper-production-elasticsearch" };
const member = { ...inElasticsearch, name: "whisper-production-elasticsearch-0" };
const searched = [
  gauge("elasticsearch_scrape_success", { ...elasticsearch, collector: "cluster-info" }, 1),
  ...["green", "yellow", "red"].map((color) =>
    gauge("elasticsearch_cluster_health_status", { ...inElasticsearch, color }, Number(color === "green")),
  ),
  gauge("elasticsearch_cluster_health_number_of_nodes", inElasticsearch, 3),
  gauge("elasticsearch_cluster_health_unassigned_shards", inElasticsearch, 0),
  gauge("elasticsearch_filesystem_data_available_bytes", { ...member, path: "/data" }, 40 * 2 ** 30),
  gauge("elasticsearch_filesystem_data_size_bytes", { ...member, path: "/data" }, 60 * 2 ** 30),
  gauge("elasticsearch_jvm_memory_used_bytes", { ...member, area: "heap" }, 2 ** 30),
  gauge("elasticsearch_jvm_memory_max_bytes", { ...member, area: "heap" }, 2 * 2 ** 30),
  counter("elasticsearch_indices_indexing_index_total", member, 40),
  counter("elasticsearch_slm_stats_snapshots_failed_total", { ...elasticsearch, policy: "logs-whisper" }, 0),
  gauge(
    "elasticsearch_snapshot_stats_latest_snapshot_timestamp_seconds",
    { ...elasticsearch, repository: "bucket" },
    Date.now() / 1000 - 3600,
  ),
];

const targets = [
  api,
  candidate,
  edge,
  worker,
  machine,
  gpu,
  node,
  postgres,
  valkey,
  ...managed,
  neo4j,
  falco,
  shipping,
  prometheus,
  alertmanager,
  elasticsearch,
];

/** Everything that is told in that afternoon. */
export const afternoon: readonly Series[] = [
  ...targets.map((target) => gauge("up", target, 1)),
  ...requests,
  ...jobs,
  ...atTheEdge,
  ...gpus,
  ...machines,
  ...stores,
  ...kubernetes,
  ...traced,
  ...logged,
  ...searched,
  ...watchers,
];

/** How long the afternoon is, in seconds, and how often it is looked at. */
export const afternoonSeconds = 70 * 60;
const stepSeconds = 30;

/** The afternoon that ends now, as promtool reads it: families together, and each series in the order of time. */
export function openMetrics(series: readonly Series[], endsAtSecond: number): string {
  const begins = endsAtSecond - afternoonSeconds;
  const lines = [...new Set(series.map(({ name }) => name))].flatMap((name) => [
    `# TYPE ${name} unknown`,
    ...series
      .filter((each) => each.name === name)
      .flatMap(({ labels, at, since = 0 }) => {
        const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
        const times = Array.from(
          { length: afternoonSeconds / stepSeconds + 1 },
          (_, index) => index * stepSeconds,
        );
        return times
          .filter((second) => second >= since)
          .map((second) => `${name}{${pairs.join(",")}} ${at(second)} ${begins + second}`);
      }),
  ]);
  return `${lines.join("\n")}\n# EOF\n`;
}
