import type { Dashboard } from "./model.ts";

/** What the internet reaches, and what a user at the other end of it would see. */
export const edge: Dashboard = {
  uid: "edge",
  title: "Edge",
  folder: "Infrastructure",
  question: "Is the platform reached from outside, how fast, and until when is its certificate good?",
  rows: [
    {
      title: "As users reach it",
      panels: [
        {
          kind: "stat",
          title: "Addresses",
          description: "Asked by their public names.",
          width: 8,
          unit: "bool",
          words: { 0: "DOWN", 1: "up" },
          bad: { wrong: "below", value: 1 },
          queries: [{ expression: "min by (instance) (probe_success)", legend: "{{instance}}" }],
          alerts: ["SiteUnreachable"],
        },
        {
          kind: "stat",
          title: "Reached, last hour",
          description: "Share of the probes that got an answer.",
          width: 8,
          unit: "percentunit",
          bad: { wrong: "below", value: 0.999 },
          queries: [{ expression: "instance:probe_success:avg1h", legend: "{{instance}}" }],
        },
        {
          kind: "stat",
          title: "Certificate ends in",
          description: "It should be renewed by itself more than 30 days before.",
          width: 8,
          unit: "dtdurations",
          queries: [{ expression: "instance:certificate_remaining:seconds", legend: "{{instance}}" }],
          limits: ["CertificateExpires"],
          alerts: ["CertificateDue"],
        },
        {
          kind: "lines",
          title: "Time to an answer",
          description: "Of a probe, with names, connection and TLS in it, the mean of ten minutes.",
          width: 12,
          unit: "s",
          queries: [{ expression: "avg_over_time(probe_duration_seconds[10m])", legend: "{{instance}}" }],
          limits: ["SiteSlow"],
        },
        {
          kind: "lines",
          title: "Failed probes",
          description: "1 is a probe without an answer: how long it lasted, and whether it comes again.",
          width: 12,
          unit: "short",
          queries: [{ expression: "1 - min by (instance) (probe_success)", legend: "{{instance}}" }],
          alerts: ["SiteUnreachable"],
        },
      ],
    },
    {
      title: "nginx",
      panels: [
        {
          kind: "lines",
          title: "Pods that answer",
          description: "Of those that there are.",
          unit: "short",
          queries: [
            { expression: "sum(nginx_up)", legend: "answer their pod" },
            { expression: 'count(up{job="edge"})', legend: "are there" },
          ],
          alerts: ["EdgeMissing", "NginxSilent"],
        },
        {
          kind: "lines",
          title: "Requests a second",
          description: "All that came to nginx, those included that it answered itself.",
          unit: "reqps",
          queries: [{ expression: "job:nginx_http_requests:rate5m", legend: "requests" }],
        },
        {
          kind: "lines",
          title: "Connections",
          description: "Open now: read from, written to, or waiting. WebSockets are among those written to.",
          unit: "short",
          stacked: true,
          queries: [
            { expression: "sum(nginx_connections_reading)", legend: "reading" },
            { expression: "sum(nginx_connections_writing)", legend: "writing" },
            { expression: "sum(nginx_connections_waiting)", legend: "waiting" },
          ],
        },
        {
          kind: "lines",
          title: "Dropped connections",
          description: "Accepted and not handled, in five minutes: there were no places for them.",
          unit: "short",
          queries: [
            {
              expression:
                "increase(nginx_connections_accepted[5m]) - increase(nginx_connections_handled[5m])",
              legend: "{{instance}}",
            },
          ],
          limits: ["ConnectionsDropped"],
        },
        {
          kind: "lines",
          title: "Answers of the API behind it",
          description: "Share that were server errors, by service.",
          unit: "percentunit",
          queries: [{ expression: "job:http_errors:ratio5m", legend: "{{job}}" }],
          limits: ["ErrorsFrequent", "ErrorsVeryFrequent"],
        },
        {
          kind: "lines",
          title: "Processors of nginx",
          description: "By pod; each is allowed one.",
          unit: "short",
          queries: [
            {
              expression: 'pod:container_cpu_usage_seconds:rate5m{namespace=~".+-edge"}',
              legend: "{{pod}}",
            },
          ],
        },
      ],
    },
  ],
};
