import type { Dashboard } from "./model.ts";

const job = 'job=~"$job"';
const slowest = `topk(15, handler:http_request_duration_seconds:p95_5m{${job}})`;

/** A pod's name without what Kubernetes adds to it: all pods of a workload are one. */
const byWorkload = (recording: string) =>
  `topk(15, sum by (workload) (label_replace(${recording}, "workload", "$1", "pod", "(.+?)(?:-[0-9a-f]{6,10})?(?:-[a-z0-9]{5}|-[0-9]+)")))`;

const transcriptions = (quantile: number) =>
  `histogram_quantile(${quantile}, sum by (le) (rate(transcription_duration_seconds_bucket[30m])))`;

/** Where time and resources go, and how much the platform is used. */
export const performanceAnalytics: Dashboard = {
  uid: "performance-analytics",
  title: "Performance Analytics",
  folder: "Service",
  question: "What is slow or dear, for how many, and how much is the platform used?",
  span: "24h",
  variables: [{ name: "job", label: "Service", metric: "http_requests_total" }],
  rows: [
    {
      title: "Use",
      panels: [
        {
          kind: "stat",
          title: "Users active",
          description: "Who is signed in and has asked for something in the last quarter of an hour.",
          unit: "short",
          colour: "blue",
          queries: [{ expression: "max(users_active)" }],
        },
        {
          kind: "stat",
          title: "Sessions",
          description: "That are open, whether or not somebody uses them.",
          unit: "short",
          colour: "blue",
          queries: [{ expression: "max(sessions_open)" }],
        },
        {
          kind: "stat",
          title: "Sign-ins, last 24 hours",
          description: "That succeeded.",
          unit: "short",
          colour: "blue",
          queries: [{ expression: 'sum(increase(login_attempts_total{outcome="succeeded"}[1d]))' }],
        },
        {
          kind: "stat",
          title: "Recordings transcribed, last 24 hours",
          description: "How long they play, all together.",
          unit: "s",
          colour: "blue",
          queries: [{ expression: "sum(increase(transcription_audio_seconds_total[1d]))" }],
        },
      ],
    },
    {
      title: "Endpoints",
      panels: [
        {
          kind: "lines",
          title: "Requests a second, by endpoint",
          description: "The fifteen that are asked most.",
          width: 12,
          unit: "reqps",
          stacked: true,
          queries: [
            {
              expression: `topk(15, handler:http_requests:rate5m{${job}})`,
              legend: "{{method}} {{handler}}",
            },
          ],
        },
        {
          kind: "lines",
          title: "95 % answered within, by endpoint",
          description: "The fifteen slowest.",
          width: 12,
          unit: "s",
          queries: [{ expression: slowest, legend: "{{method}} {{handler}}" }],
          alerts: ["ResponsesSlow"],
        },
        {
          kind: "heatmap",
          title: "Response times",
          description: "How many requests a second took how long: two bands are two kinds of requests.",
          width: 12,
          unit: "s",
          queries: [
            {
              expression: `sum by (le) (rate(http_request_duration_seconds_bucket{${job}}[5m]))`,
              legend: "{{le}}",
            },
          ],
        },
        {
          kind: "bars",
          title: "Failed share, by endpoint",
          description: "Of the last hour's requests, where there were any failures.",
          width: 12,
          unit: "percentunit",
          maximum: 1,
          queries: [
            {
              expression: `topk(15, sum by (method, handler) (rate(http_requests_total{status=~"5..", ${job}}[1h])) / sum by (method, handler) (rate(http_requests_total{${job}}[1h])))`,
              legend: "{{method}} {{handler}}",
            },
          ],
          alerts: ["ErrorsFrequent"],
        },
      ],
    },
    {
      title: "Transcriptions",
      panels: [
        {
          kind: "lines",
          title: "How long one takes",
          description: "Half and 95 % of the last half hour's were done within.",
          unit: "s",
          queries: [
            { expression: transcriptions(0.5), legend: "p50" },
            { expression: "transcription_duration_seconds:p95_30m", legend: "p95" },
          ],
        },
        {
          kind: "lines",
          title: "Failed share",
          description: "Of the last half hour's.",
          unit: "percentunit",
          queries: [{ expression: "transcription_jobs:failed:ratio30m", legend: "failed" }],
          limits: ["TranscriptionsFail"],
        },
        {
          kind: "lines",
          title: "Faster than listening",
          description: "Hours of recordings that are transcribed in an hour of work, all workers together.",
          unit: "short",
          queries: [
            { expression: "sum(rate(transcription_audio_seconds_total[30m]))", legend: "hours an hour" },
          ],
        },
      ],
    },
    {
      title: "Database and cache",
      panels: [
        {
          kind: "lines",
          title: "Slow queries a second",
          description: "That the application waited for longer than a second, by what they do.",
          unit: "ops",
          queries: [
            {
              expression:
                'sum by (operation) (rate(database_query_duration_seconds_count[5m])) - sum by (operation) (rate(database_query_duration_seconds_bucket{le=~"1|1.0"}[5m]))',
              legend: "{{operation}}",
            },
          ],
        },
        {
          kind: "lines",
          title: "Oldest transaction",
          description:
            "How long the oldest that is open has been, in each database: others wait for what it holds.",
          unit: "s",
          queries: [
            {
              expression: "max by (job, instance, datname) (pg_stat_activity_max_tx_duration)",
              legend: "{{datname}}",
            },
          ],
          limits: ["PostgresTransactionOld"],
        },
        {
          kind: "lines",
          title: "Cache: found, not found, given up",
          description: "Look-ups a second that had an answer or none, and keys that went for want of memory.",
          unit: "ops",
          queries: [
            { expression: "sum(rate(redis_keyspace_hits_total[15m]))", legend: "found" },
            { expression: "sum(rate(redis_keyspace_misses_total[15m]))", legend: "not found" },
            { expression: "sum(rate(redis_evicted_keys_total[15m]))", legend: "given up" },
          ],
          alerts: ["CacheHitRateLow", "ValkeyEvicts"],
        },
      ],
    },
    {
      title: "What each part takes",
      panels: [
        {
          kind: "lines",
          title: "Processors",
          description: "Of the fifteen hungriest workloads, all pods of each together.",
          width: 12,
          unit: "short",
          stacked: true,
          queries: [
            { expression: byWorkload("pod:container_cpu_usage_seconds:rate5m"), legend: "{{workload}}" },
          ],
        },
        {
          kind: "lines",
          title: "Memory",
          description: "Of the fifteen largest workloads, all pods of each together.",
          width: 12,
          unit: "bytes",
          stacked: true,
          queries: [
            { expression: byWorkload("pod:container_memory_working_set:bytes"), legend: "{{workload}}" },
          ],
          alerts: ["ContainerOutOfMemory"],
        },
      ],
    },
  ],
};
