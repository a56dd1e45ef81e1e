import type { RuleCase } from "./rule-case.ts";

const at = 'job="postgres-exporter", instance="pg"';
const labels = { job: "postgres-exporter", instance: "pg" };
const whisper = `${at}, datname="whisper"`;

const connections = (taken: number) => ({
  [`pg_stat_activity_count{${whisper}, state="active"}`]: "10x60",
  [`pg_stat_activity_count{${whisper}, state="idle"}`]: `${taken - 10}x60`,
  [`pg_settings_max_connections{${at}}`]: "100x60",
});
/** So many a minute end well, and so many are taken back. */
const transactions = (committed: number, rolledBack: number) => ({
  [`pg_stat_database_xact_commit{${whisper}}`]: `0+${committed}x90`,
  [`pg_stat_database_xact_rollback{${whisper}}`]: `0+${rolledBack}x90`,
});
const pages = (fromMemory: number, fromDisk: number) => ({
  [`pg_stat_database_blks_hit{${whisper}}`]: `0+${fromMemory}x90`,
  [`pg_stat_database_blks_read{${whisper}}`]: `0+${fromDisk}x90`,
});

export const postgresCases: readonly RuleCase[] = [
  {
    record: "instance:pg_connections:utilisation",
    when: "half of them are taken",
    series: connections(50),
    atMinute: 5,
    values: [{ labels, value: 0.5 }],
  },
  {
    record: "instance:pg_transactions:rate5m",
    when: "a hundred and twenty end a minute",
    series: transactions(90, 30),
    atMinute: 10,
    values: [{ labels, value: 2 }],
  },
  {
    record: "instance:pg_rollbacks:ratio5m",
    when: "a quarter is taken back",
    series: transactions(90, 30),
    atMinute: 10,
    values: [{ labels, value: 0.25 }],
  },
  {
    record: "instance:pg_cache_hits:ratio5m",
    when: "one page of ten comes from the disk",
    series: pages(900, 100),
    atMinute: 10,
    values: [{ labels, value: 0.9 }],
  },
  {
    record: "instance:pg_database_size:bytes",
    when: "there are two databases",
    series: {
      [`pg_database_size_bytes{${whisper}}`]: "70x9",
      [`pg_database_size_bytes{${at}, datname="postgres"}`]: "7x9",
    },
    atMinute: 5,
    values: [{ labels, value: 77 }],
  },
  {
    alert: "PostgresUnreachable",
    when: "its exporter is no longer let in",
    series: { [`pg_up{${at}}`]: "1x4 0x9" },
    firesAtMinute: 6,
    notices: [
      {
        labels,
        summary: "PostgreSQL cannot be reached",
        description:
          "The exporter at pg has not been let in for a minute; neither, most likely, has the application.",
      },
    ],
  },
  {
    alert: "PostgresUnreachable",
    when: "it is not let in once",
    series: { [`pg_up{${at}}`]: "1x4 0 1x9" },
    quietAtMinutes: [5, 6, 10],
  },
  {
    alert: "PostgresConnectionsHigh",
    when: "81 of 100 are taken",
    series: connections(81),
    firesAtMinute: 5,
    notices: [{ labels, summary: "81% of PostgreSQL's connections are taken" }],
  },
  { alert: "PostgresConnectionsHigh", when: "79 are", series: connections(79), quietAtMinutes: [6, 60] },
  {
    alert: "PostgresConnectionsExhausted",
    when: "96 of 100 are taken",
    series: connections(96),
    firesAtMinute: 2,
    notices: [
      {
        labels,
        summary: "PostgreSQL has hardly a connection left",
        description: "96% are taken: new ones are refused, and requests fail.",
      },
    ],
  },
  { alert: "PostgresConnectionsExhausted", when: "94 are", series: connections(94), quietAtMinutes: [3, 60] },
  {
    alert: "PostgresTransactionOld",
    when: "one is never ended",
    series: { [`pg_stat_activity_max_tx_duration{${whisper}, state="idle in transaction"}`]: "0+60x60" },
    firesAtMinute: 36,
    notices: [
      {
        labels: { ...labels, datname: "whisper" },
        summary: "A transaction in whisper has been open for 36m 0s",
      },
    ],
  },
  {
    alert: "PostgresTransactionOld",
    when: "one takes twenty-five minutes",
    series: { [`pg_stat_activity_max_tx_duration{${whisper}, state="active"}`]: "0+60x25 0x60" },
    quietAtMinutes: [25, 36, 60],
  },
  {
    alert: "PostgresDeadlocks",
    when: "there is one a minute",
    series: { [`pg_stat_database_deadlocks{${whisper}}`]: "0x9 0+1x9 9x60" },
    firesAtMinute: 13.5,
    notices: [
      {
        labels: { ...labels, datname: "whisper" },
        summary: "Transactions in whisper lock each other out",
        description: "3 times in a quarter of an hour PostgreSQL had to end one of them.",
      },
    ],
  },
  {
    alert: "PostgresDeadlocks",
    when: "there are two",
    series: { [`pg_stat_database_deadlocks{${whisper}}`]: "0x9 2x60" },
    quietAtMinutes: [10, 20, 60],
  },
  {
    alert: "PostgresRollbacksFrequent",
    when: "one of five is taken back",
    series: transactions(80, 20),
    firesAtMinute: 18.5,
    notices: [{ labels, summary: "20% of PostgreSQL's transactions are taken back" }],
  },
  {
    alert: "PostgresRollbacksFrequent",
    when: "one of twenty is, or of a few at night half",
    series: {
      ...transactions(95, 5),
      'pg_stat_database_xact_commit{job="postgres-exporter", instance="quiet"}': "0+2x90",
      'pg_stat_database_xact_rollback{job="postgres-exporter", instance="quiet"}': "0+2x90",
    },
    quietAtMinutes: [20, 90],
  },
  {
    alert: "PostgresCacheCold",
    when: "a fifth of many pages comes from the disk",
    series: pages(40_000, 10_000),
    firesAtMinute: 33.5,
    notices: [{ labels, summary: "PostgreSQL reads 80% of its pages from memory, and the rest from disk" }],
  },
  {
    alert: "PostgresCacheCold",
    when: "a fifth of a few does",
    series: pages(400, 100),
    quietAtMinutes: [35, 90],
  },
  {
    alert: "PostgresReplicaLags",
    when: "it falls behind by ten seconds a minute",
    series: { [`pg_replication_lag_seconds{${at}}`]: "0+10x30" },
    firesAtMinute: 12,
    notices: [{ labels, summary: "A replica of PostgreSQL is 2m 0s behind" }],
  },
  {
    alert: "PostgresReplicaLags",
    when: "it is fifty seconds behind",
    series: { [`pg_replication_lag_seconds{${at}}`]: "50x30" },
    quietAtMinutes: [6, 30],
  },
];
