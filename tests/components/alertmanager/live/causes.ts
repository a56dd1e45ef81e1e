/** What goes wrong, and what somebody is then told of it. */
export interface Cause {
  /** The alert that tells of it, as the requirements want it. */
  readonly alert: string;
  /** Scrape job of who tells of it. */
  readonly job: string;
  /** What is told each time, so many milliseconds after the beginning, asked for the so-manieth time. */
  readonly metrics: (elapsedMs: number, asked: number) => Readonly<Record<string, number>>;
  /** What it says in one line, from its beginning on. */
  readonly summary: string;
  /** Whether somebody is woken. */
  readonly pages: boolean;
}

const disk = 'device="/dev/vda1",fstype="ext4",mountpoint="/"';
const day = 86_400;

/** Requests of which so many of a hundred fail. */
const failing = (share: number) => (_: number, asked: number) => ({
  'http_requests_total{method="GET",handler="/jobs",status="200"}': asked * (100 - share),
  'http_requests_total{method="GET",handler="/jobs",status="500"}': asked * share,
});

/** A disk of which so many of a hundred bytes are free. */
const freeBytes = (free: number) => () => ({
  [`node_filesystem_avail_bytes{${disk}}`]: free,
  [`node_filesystem_size_bytes{${disk}}`]: 100,
});

/** Causes that the requirements name, each of a thing of its own; what holds others back is not among them. */
export const causes: readonly Cause[] = [
  {
    alert: "ErrorsVeryFrequent",
    job: "api",
    metrics: failing(40),
    summary: "api fails 4",
    pages: true,
  },
  { alert: "ErrorsFrequent", job: "web", metrics: failing(7), summary: "web fails 7", pages: false },
  {
    alert: "DiskNearlyFull",
    job: "node-exporter",
    metrics: freeBytes(5),
    summary: "Disk / of",
    pages: true,
  },
  {
    alert: "DiskFilling",
    job: "gpu-worker-machine",
    metrics: freeBytes(13),
    summary: "Disk / of",
    pages: false,
  },
  {
    alert: "CertificateExpires",
    job: "blackbox",
    metrics: () => ({
      probe_success: 1,
      probe_duration_seconds: 0.1,
      probe_ssl_earliest_cert_expiry: Math.floor(Date.now() / 1000) + 20 * day,
    }),
    summary: "The certificate of",
    pages: true,
  },
  {
    alert: "ResponsesSlow",
    job: "api-candidate",
    metrics: (_, asked) => ({
      'http_request_duration_seconds_bucket{method="GET",handler="/jobs",le="1"}': asked * 50,
      'http_request_duration_seconds_bucket{method="GET",handler="/jobs",le="2"}': asked * 60,
      'http_request_duration_seconds_bucket{method="GET",handler="/jobs",le="5"}': asked * 100,
      'http_request_duration_seconds_bucket{method="GET",handler="/jobs",le="+Inf"}': asked * 100,
      'http_request_duration_seconds_count{method="GET",handler="/jobs"}': asked * 100,
      'http_request_duration_seconds_sum{method="GET",handler="/jobs"}': asked * 150,
    }),
    summary: "One in twenty requests to api-candidate takes",
    pages: false,
  },
  {
    alert: "CpuBusy",
    job: "busy-exporter",
    metrics: (elapsedMs) => ({
      'node_cpu_seconds_total{cpu="0",mode="idle"}': elapsedMs / 10_000,
      'node_cpu_seconds_total{cpu="0",mode="user"}': (elapsedMs * 9) / 10_000,
    }),
    summary: "Processors of",
    pages: false,
  },
  {
    alert: "MemoryShort",
    job: "full-exporter",
    metrics: () => ({ node_memory_MemAvailable_bytes: 10, node_memory_MemTotal_bytes: 100 }),
    summary: "Memory of",
    pages: false,
  },
  {
    alert: "QueueLong",
    job: "queue-exporter",
    metrics: () => ({ 'redis_key_size{db="db0",key="transcription"}': 1500 }),
    summary: "1500 jobs wait in the queue transcription",
    pages: false,
  },
  {
    alert: "CacheHitRateLow",
    job: "cache-exporter",
    metrics: (_, asked) => ({
      redis_keyspace_hits_total: asked * 6,
      redis_keyspace_misses_total: asked * 4,
    }),
    summary: "The cache knows",
    pages: false,
  },
  {
    alert: "LoginsFail",
    job: "sign-in",
    metrics: (_, asked) => ({
      'login_attempts_total{outcome="failed"}': asked * 5,
      'login_attempts_total{outcome="succeeded"}': asked,
    }),
    summary: "sign-ins have failed in ten minutes",
    pages: false,
  },
  {
    alert: "IntrusionSuspected",
    job: "falco",
    metrics: () => ({
      'falcosecurity_falco_rules_matches_total{rule_name="Terminal shell in container",priority="4",source="syscall"}': 1,
    }),
    summary: "Falco has seen: Terminal shell in container",
    pages: true,
  },
  {
    alert: "ReleaseSeen",
    job: "kube-state-metrics",
    // Of a cluster that nobody saw ten minutes ago, everything would be new.
    metrics: (_, asked) => ({
      [`kube_pod_container_info{namespace="whisper-staging-application",pod="a",container="api",image="api:1.${asked > 50 ? 5 : 4}"}`]: 1,
    }),
    summary: "api now runs api:1.5",
    pages: false,
  },
];

/** What a cause tells, as Prometheus reads it. */
export const exposed = (metrics: Readonly<Record<string, number>>): string =>
  Object.entries(metrics)
    .map(([series, value]) => `${series} ${value}\n`)
    .join("");
