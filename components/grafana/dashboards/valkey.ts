import type { Dashboard } from "./model.ts";

/** Valkey: queue, cache and sessions, as its exporter sees it. */
export const valkey: Dashboard = {
  uid: "valkey",
  title: "Valkey",
  folder: "Stores",
  question: "Does the queue take jobs, does the cache save the database work, and how full is it?",
  variables: [{ name: "instance", label: "Cluster", metric: "redis_up" }],
  rows: [
    {
      title: "Now",
      panels: [
        {
          kind: "stat",
          title: "Valkey",
          description: "Whether the exporter is let in.",
          unit: "bool",
          words: { 0: "DOWN", 1: "up" },
          bad: { wrong: "below", value: 1 },
          queries: [{ expression: 'redis_up{instance=~"$instance"}', legend: "{{instance}}" }],
          alerts: ["ValkeyUnreachable"],
        },
        {
          kind: "stat",
          title: "Memory",
          description: "Full share. When it is full, a queue takes no more jobs.",
          unit: "percentunit",
          queries: [
            {
              expression: 'instance:redis_memory:utilisation{instance=~"$instance"}',
              legend: "{{instance}}",
            },
          ],
          limits: ["ValkeyMemoryShort"],
        },
        {
          kind: "stat",
          title: "Found",
          description: "Share of what it was asked for and had.",
          unit: "percentunit",
          queries: [
            {
              expression: 'instance:redis_lookups:hit_ratio15m{instance=~"$instance"}',
              legend: "{{instance}}",
            },
          ],
          limits: ["CacheHitRateLow"],
        },
        {
          kind: "stat",
          title: "Clients",
          description: "That are connected.",
          unit: "short",
          colour: "blue",
          queries: [{ expression: 'redis_connected_clients{instance=~"$instance"}', legend: "{{instance}}" }],
          alerts: ["ValkeyRejectsConnections"],
        },
      ],
    },
    {
      title: "Queue",
      panels: [
        {
          kind: "lines",
          title: "Jobs that wait",
          description: "In each queue.",
          width: 12,
          unit: "short",
          queries: [{ expression: "queue:jobs_waiting:max", legend: "{{queue}}" }],
          limits: ["QueueLong"],
          alerts: ["QueueNotDraining", "QueueStalled"],
        },
        {
          kind: "lines",
          title: "Writes refused",
          description: "Commands that ended with OOM in five minutes: it is full. Nothing to see is well.",
          width: 12,
          unit: "short",
          queries: [
            {
              expression: 'sum by (instance) (increase(redis_errors_total{err="OOM"}[5m])) or redis_up * 0',
              legend: "{{instance}}",
            },
          ],
          alerts: ["ValkeyRefusesWrites"],
        },
      ],
    },
    {
      title: "Work",
      panels: [
        {
          kind: "lines",
          title: "Commands a second",
          description: "Of all clients.",
          unit: "ops",
          queries: [
            { expression: 'instance:redis_commands:rate5m{instance=~"$instance"}', legend: "{{instance}}" },
          ],
        },
        {
          kind: "lines",
          title: "Look-ups a second",
          description: "With an answer, and without.",
          unit: "ops",
          queries: [
            {
              expression: 'sum(rate(redis_keyspace_hits_total{instance=~"$instance"}[15m]))',
              legend: "found",
            },
            {
              expression: 'sum(rate(redis_keyspace_misses_total{instance=~"$instance"}[15m]))',
              legend: "not found",
            },
          ],
        },
        {
          kind: "lines",
          title: "Given up, turned away",
          description:
            "Keys that went for want of memory, and clients that there was no place for, in ten minutes.",
          unit: "short",
          queries: [
            {
              expression: 'sum(increase(redis_evicted_keys_total{instance=~"$instance"}[10m]))',
              legend: "keys given up",
            },
            {
              expression: 'sum(increase(redis_rejected_connections_total{instance=~"$instance"}[10m]))',
              legend: "clients turned away",
            },
          ],
          alerts: ["ValkeyEvicts", "ValkeyRejectsConnections"],
        },
        {
          kind: "lines",
          title: "Memory taken",
          description: "And what it may take.",
          width: 12,
          unit: "bytes",
          queries: [
            { expression: 'redis_memory_used_bytes{instance=~"$instance"}', legend: "{{instance}} taken" },
            { expression: 'redis_memory_max_bytes{instance=~"$instance"}', legend: "{{instance}} allowed" },
          ],
        },
        {
          kind: "lines",
          title: "Keys",
          description:
            "In each numbered database: 0 is the queue's, 1 cache and sessions where they are beside it.",
          width: 12,
          unit: "short",
          queries: [
            {
              expression: 'redis_db_keys{instance=~"$instance"} > 0',
              legend: "{{instance}} {{db}}",
            },
          ],
        },
      ],
    },
  ],
};
