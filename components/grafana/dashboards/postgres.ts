import type { Dashboard } from "./model.ts";

/** PostgreSQL, as its exporter sees it. */
export const postgres: Dashboard = {
  uid: "postgres",
  title: "PostgreSQL",
  folder: "Stores",
  question: "Does the database answer, who waits for whom, and what will it run out of?",
  variables: [{ name: "instance", label: "Cluster", metric: "pg_up" }],
  rows: [
    {
      title: "Now",
      panels: [
        {
          kind: "stat",
          title: "Database",
          description: "Whether the exporter is let in.",
          unit: "bool",
          words: { 0: "DOWN", 1: "up" },
          bad: { wrong: "below", value: 1 },
          queries: [{ expression: 'pg_up{instance=~"$instance"}', legend: "{{instance}}" }],
          alerts: ["PostgresUnreachable"],
        },
        {
          kind: "stat",
          title: "Connections taken",
          description: "Share of those that there may be.",
          unit: "percentunit",
          queries: [
            {
              expression: 'instance:pg_connections:utilisation{instance=~"$instance"}',
              legend: "{{instance}}",
            },
          ],
          limits: ["PostgresConnectionsHigh", "PostgresConnectionsExhausted"],
        },
        {
          kind: "stat",
          title: "Pages from memory",
          description: "Share that need no disk.",
          unit: "percentunit",
          queries: [
            { expression: 'instance:pg_cache_hits:ratio5m{instance=~"$instance"}', legend: "{{instance}}" },
          ],
          limits: ["PostgresCacheCold"],
        },
        {
          kind: "stat",
          title: "Data",
          description:
            "All databases together. How full the disk is stands on the page of managed databases.",
          unit: "bytes",
          colour: "blue",
          queries: [
            { expression: 'instance:pg_database_size:bytes{instance=~"$instance"}', legend: "{{instance}}" },
          ],
        },
      ],
    },
    {
      title: "Work",
      panels: [
        {
          kind: "lines",
          title: "Transactions a second",
          description: "Ended, by either way.",
          unit: "ops",
          queries: [
            { expression: 'instance:pg_transactions:rate5m{instance=~"$instance"}', legend: "{{instance}}" },
          ],
        },
        {
          kind: "lines",
          title: "Taken back",
          description: "Share of the transactions: the application failed in the middle.",
          unit: "percentunit",
          queries: [
            { expression: 'instance:pg_rollbacks:ratio5m{instance=~"$instance"}', legend: "{{instance}}" },
          ],
          limits: ["PostgresRollbacksFrequent"],
        },
        {
          kind: "lines",
          title: "Query times",
          description: "95 % are answered within, as the application waits for them.",
          unit: "s",
          queries: [
            {
              expression:
                "histogram_quantile(0.95, sum by (operation, le) (rate(database_query_duration_seconds_bucket[5m])))",
              legend: "{{operation}}",
            },
          ],
        },
        {
          kind: "lines",
          title: "Connections, by what they do",
          description: "Those that are idle in a transaction hold what others wait for.",
          unit: "short",
          stacked: true,
          queries: [
            {
              expression: 'sum by (state) (pg_stat_activity_count{instance=~"$instance"})',
              legend: "{{state}}",
            },
          ],
        },
        {
          kind: "lines",
          title: "Oldest transaction",
          description: "How long the oldest that is open has been, in each database.",
          unit: "s",
          queries: [
            {
              expression:
                'max by (job, instance, datname) (pg_stat_activity_max_tx_duration{instance=~"$instance"})',
              legend: "{{datname}}",
            },
          ],
          limits: ["PostgresTransactionOld"],
        },
        {
          kind: "lines",
          title: "Deadlocks in a quarter of an hour",
          description: "How often PostgreSQL had to end one of two that waited for each other.",
          unit: "short",
          queries: [
            {
              expression: 'increase(pg_stat_database_deadlocks{instance=~"$instance"}[15m])',
              legend: "{{datname}}",
            },
          ],
          limits: ["PostgresDeadlocks"],
        },
      ],
    },
    {
      title: "Room",
      panels: [
        {
          kind: "lines",
          title: "Data, by database",
          description: "How it grows.",
          width: 12,
          unit: "bytes",
          stacked: true,
          queries: [
            {
              expression: 'sum by (datname) (pg_database_size_bytes{instance=~"$instance"})',
              legend: "{{datname}}",
            },
          ],
        },
        {
          kind: "lines",
          title: "Replicas behind by",
          description: "Who reads there sees the past; without a replica it is 0.",
          width: 12,
          unit: "s",
          queries: [
            { expression: 'pg_replication_lag_seconds{instance=~"$instance"}', legend: "{{instance}}" },
          ],
          limits: ["PostgresReplicaLags"],
        },
      ],
    },
  ],
};
