import { thresholds } from "../../../catalog/thresholds.ts";
import type { RuleSet } from "./rule.ts";

/** PostgreSQL, as its exporter sees it. Its processors, memory and disk DigitalOcean watches: components/postgres/alerts.ts. */
export const postgresRules: RuleSet = {
  subject: "postgres",
  dashboard: "postgres",
  recordings: [
    {
      record: "instance:pg_connections:utilisation",
      expression:
        "sum by (job, instance) (pg_stat_activity_count) / on (job, instance) max by (job, instance) (pg_settings_max_connections)",
    },
    {
      record: "instance:pg_transactions:rate5m",
      expression:
        "sum by (job, instance) (rate(pg_stat_database_xact_commit[5m]) + rate(pg_stat_database_xact_rollback[5m]))",
    },
    {
      record: "instance:pg_rollbacks:ratio5m",
      expression:
        "sum by (job, instance) (rate(pg_stat_database_xact_rollback[5m])) / (instance:pg_transactions:rate5m > 0)",
    },
    {
      record: "instance:pg_cache_hits:ratio5m",
      expression:
        "sum by (job, instance) (rate(pg_stat_database_blks_hit[5m])) / (sum by (job, instance) (rate(pg_stat_database_blks_hit[5m]) + rate(pg_stat_database_blks_read[5m])) > 0)",
    },
    {
      record: "instance:pg_database_size:bytes",
      expression: "sum by (job, instance) (pg_database_size_bytes)",
    },
  ],
  alerts: [
    {
      name: "PostgresUnreachable",
      severity: "critical",
      expression: "pg_up == 0",
      lasting: "1m",
      summary: "PostgreSQL cannot be reached",
      description:
        "The exporter at {{ $labels.instance }} has not been let in for a minute; neither, most likely, has the application.",
    },
    {
      name: "PostgresConnectionsHigh",
      severity: "warning",
      expression: `instance:pg_connections:utilisation > ${thresholds.databaseConnections.warning}`,
      lasting: "5m",
      lingering: "10m",
      summary: "{{ $value | humanizePercentage }} of PostgreSQL's connections are taken",
      description: "Above 80 % for five minutes. Without a free one, whoever comes next is refused.",
    },
    {
      name: "PostgresConnectionsExhausted",
      severity: "critical",
      expression: `instance:pg_connections:utilisation > ${thresholds.databaseConnections.critical}`,
      lasting: "2m",
      lingering: "5m",
      summary: "PostgreSQL has hardly a connection left",
      description: "{{ $value | humanizePercentage }} are taken: new ones are refused, and requests fail.",
    },
    {
      name: "PostgresTransactionOld",
      severity: "warning",
      expression: `max by (job, instance, datname) (pg_stat_activity_max_tx_duration) > ${thresholds.transactionSeconds}`,
      lasting: "5m",
      summary: "A transaction in {{ $labels.datname }} has been open for {{ $value | humanizeDuration }}",
      description:
        "For longer than half an hour: what it holds others wait for, and nothing is cleaned up behind it.",
    },
    {
      name: "PostgresDeadlocks",
      severity: "warning",
      expression: "increase(pg_stat_database_deadlocks[15m]) > 3",
      lasting: "0m",
      lingering: "30m",
      summary: "Transactions in {{ $labels.datname }} lock each other out",
      description:
        '{{ $value | printf "%.0f" }} times in a quarter of an hour PostgreSQL had to end one of them.',
    },
    {
      name: "PostgresRollbacksFrequent",
      severity: "warning",
      expression: "instance:pg_rollbacks:ratio5m > 0.1 and instance:pg_transactions:rate5m > 1",
      lasting: "15m",
      summary: "{{ $value | humanizePercentage }} of PostgreSQL's transactions are taken back",
      description:
        "More than one in ten, for a quarter of an hour: the application fails in the middle of what it does.",
    },
    {
      name: "PostgresCacheCold",
      severity: "warning",
      expression:
        "instance:pg_cache_hits:ratio5m < 0.9 and on (job, instance) sum by (job, instance) (rate(pg_stat_database_blks_read[5m])) > 100",
      lasting: "30m",
      summary:
        "PostgreSQL reads {{ $value | humanizePercentage }} of its pages from memory, and the rest from disk",
      description: "Below 90 % for half an hour: what is asked for often no longer fits into its memory.",
    },
    {
      name: "PostgresReplicaLags",
      severity: "warning",
      expression: `pg_replication_lag_seconds > ${thresholds.replicaLagSeconds}`,
      lasting: "5m",
      lingering: "10m",
      summary: "A replica of PostgreSQL is {{ $value | humanizeDuration }} behind",
      description:
        "More than a minute, for five: who reads from it sees the past, and it could not take over without loss.",
    },
  ],
};
