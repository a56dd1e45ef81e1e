import { observersPattern } from "../../prometheus/rules/jobs.ts";
import type { Dashboard } from "./model.ts";

const services = `up{job!~"${observersPattern}"}`;

/** What whoever is woken opens first: it is the page that Grafana begins with. */
export const applicationOverview: Dashboard = {
  uid: "application-overview",
  title: "Application Overview",
  folder: "Service",
  question: "Are users served, and if not: since when, and what of it all is unwell?",
  variables: [{ name: "job", label: "Service", metric: "http_requests_total" }],
  rows: [
    {
      title: "Now",
      panels: [
        {
          kind: "stat",
          title: "Services",
          description: "Each part of the application, as its worst pod or machine answers.",
          width: 12,
          unit: "bool",
          words: { 0: "DOWN", 1: "up" },
          bad: { wrong: "below", value: 1 },
          queries: [{ expression: `min by (job) (${services})`, legend: "{{job}}" }],
          alerts: ["ServiceDown", "ApiMissing"],
        },
        {
          kind: "stat",
          title: "As users reach it",
          description: "Public addresses, asked from within the cluster by their public names.",
          width: 6,
          unit: "bool",
          words: { 0: "DOWN", 1: "up" },
          bad: { wrong: "below", value: 1 },
          queries: [{ expression: "min by (instance) (probe_success)", legend: "{{instance}}" }],
          alerts: ["SiteUnreachable"],
        },
        {
          kind: "stat",
          title: "Alerts",
          description: "That fire now, and are critical or warnings. The table below names them.",
          width: 6,
          unit: "none",
          bad: { wrong: "above", value: 1 },
          queries: [
            { expression: 'count(ALERTS{alertstate="firing", severity=~"critical|warning"}) or vector(0)' },
          ],
        },
        {
          kind: "stat",
          title: "Uptime, last 24 hours",
          description: "Share of the time in which each service answered; the aim is 99.9 % of the requests.",
          width: 24,
          unit: "percentunit",
          bad: { wrong: "below", value: 0.999 },
          queries: [{ expression: `avg by (job) (avg_over_time(${services}[1d]))`, legend: "{{job}}" }],
        },
        {
          kind: "table",
          title: "What fires",
          description: "All alerts that fire now; the page of each stands in the message that told of it.",
          width: 24,
          unit: "none",
          columns: {
            severity: "Severity",
            alertname: "Alert",
            subject: "Subject",
            job: "Job",
            instance: "Where",
          },
          queries: [
            {
              expression:
                'max by (severity, alertname, subject, job, instance) (ALERTS{alertstate="firing", alertname!="Watchdog"})',
            },
          ],
        },
      ],
    },
    {
      title: "Requests",
      panels: [
        {
          kind: "lines",
          title: "Requests a second",
          description: "By service. What keeps users away shows here, and in no error.",
          unit: "reqps",
          queries: [{ expression: 'job:http_requests:rate5m{job=~"$job"}', legend: "{{job}}" }],
          alerts: ["TrafficDropped", "TrafficSurged"],
        },
        {
          kind: "lines",
          title: "Requests that fail",
          description: "Share answered with a server error; below 1 % is the aim under normal load.",
          unit: "percentunit",
          queries: [{ expression: 'job:http_errors:ratio5m{job=~"$job"}', legend: "{{job}}" }],
          limits: ["ErrorsFrequent", "ErrorsVeryFrequent"],
        },
        {
          kind: "lines",
          title: "Response times",
          description:
            "Half, 95 % and 99 % of the requests are answered within. The aim is 95 % within two seconds.",
          unit: "s",
          queries: [
            { expression: 'job:http_request_duration_seconds:p50_5m{job=~"$job"}', legend: "{{job}} p50" },
            { expression: 'job:http_request_duration_seconds:p95_5m{job=~"$job"}', legend: "{{job}} p95" },
            { expression: 'job:http_request_duration_seconds:p99_5m{job=~"$job"}', legend: "{{job}} p99" },
          ],
          limits: ["ResponsesSlow"],
          alerts: ["ResponsesSlowOnAverage"],
        },
      ],
    },
    {
      title: "Jobs",
      panels: [
        {
          kind: "lines",
          title: "Waiting",
          description: "Jobs in each queue that no worker has taken yet.",
          unit: "short",
          queries: [{ expression: "queue:jobs_waiting:max", legend: "{{queue}}" }],
          limits: ["QueueLong"],
          alerts: ["QueueNotDraining"],
        },
        {
          kind: "lines",
          title: "In hand",
          description: "Jobs that workers have taken and not finished.",
          unit: "short",
          queries: [{ expression: "sum by (job) (transcription_jobs_active)", legend: "{{job}}" }],
          alerts: ["QueueStalled"],
        },
        {
          kind: "lines",
          title: "Ended, an hour",
          description: "How many end an hour at the pace of the last half hour, by how they ended.",
          unit: "short",
          queries: [{ expression: "outcome:transcription_jobs:rate30m * 3600", legend: "{{outcome}}" }],
          alerts: ["TranscriptionsFail"],
        },
      ],
    },
    {
      title: "Machines",
      panels: [
        {
          kind: "lines",
          title: "Processors",
          description: "Busy share of each machine's processors; the aim is below 80 %.",
          unit: "percentunit",
          maximum: 1,
          queries: [{ expression: "instance:node_cpu:utilisation5m", legend: "{{instance}}" }],
          limits: ["CpuBusy"],
        },
        {
          kind: "lines",
          title: "Memory",
          description: "Share that is not to be had any more.",
          unit: "percentunit",
          maximum: 1,
          queries: [{ expression: "instance:node_memory:utilisation", legend: "{{instance}}" }],
          limits: ["MemoryShort"],
        },
        {
          kind: "lines",
          title: "Disks",
          description: "Full share of each disk.",
          unit: "percentunit",
          maximum: 1,
          queries: [{ expression: "instance:node_disk:utilisation", legend: "{{instance}} {{mountpoint}}" }],
          limits: ["DiskFilling", "DiskNearlyFull"],
          alerts: ["DiskFullInFourDays"],
        },
      ],
    },
    {
      title: "Database and cache",
      panels: [
        {
          kind: "lines",
          title: "Connections of the application",
          description:
            "Of each service's pool (20 for each process): taken and free. None free, and requests wait.",
          unit: "short",
          stacked: true,
          queries: [
            { expression: "sum by (job, state) (database_pool_connections)", legend: "{{job}} {{state}}" },
          ],
          alerts: ["PostgresConnectionsHigh"],
        },
        {
          kind: "lines",
          title: "Query times",
          description: "95 % of the queries are answered within, as the application waits for them.",
          unit: "s",
          queries: [
            {
              expression:
                "histogram_quantile(0.95, sum by (operation, le) (rate(database_query_duration_seconds_bucket[5m])))",
              legend: "{{operation}}",
            },
          ],
          alerts: ["PostgresUnreachable"],
        },
        {
          kind: "lines",
          title: "Cache: found",
          description: "Share of what Valkey was asked for and had; the database answers the rest.",
          width: 4,
          unit: "percentunit",
          maximum: 1,
          queries: [{ expression: "instance:redis_lookups:hit_ratio15m", legend: "{{instance}}" }],
          limits: ["CacheHitRateLow"],
        },
        {
          kind: "lines",
          title: "Cache: memory",
          description: "Full share of Valkey's memory. When it is full, a queue takes no more jobs.",
          width: 4,
          unit: "percentunit",
          maximum: 1,
          queries: [{ expression: "instance:redis_memory:utilisation", legend: "{{instance}}" }],
          limits: ["ValkeyMemoryShort"],
        },
      ],
    },
  ],
};
