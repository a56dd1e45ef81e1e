import type { RuleCase } from "./rule-case.ts";

const at = 'job="neo4j", instance="neo4j-0"';
const labels = { job: "neo4j", instance: "neo4j-0" };

/** So many queries a minute succeed, and so many fail. */
const queries = (succeeding: number, failing: number) => ({
  [`neo4j_database_neo4j_db_query_execution_success_total{${at}}`]: `0+${succeeding}x60`,
  [`neo4j_database_neo4j_db_query_execution_failure_total{${at}}`]: `0+${failing}x60`,
});
const leaders = (first: string, second: string) => ({
  [`neo4j_database_neo4j_cluster_raft_is_leader{${at}}`]: first,
  'neo4j_database_neo4j_cluster_raft_is_leader{job="neo4j", instance="neo4j-1"}': second,
});
const hitRatio = (value: number) => ({ [`neo4j_dbms_page_cache_hit_ratio{${at}}`]: `${value}x60` });

export const neo4jCases: readonly RuleCase[] = [
  {
    record: "instance:neo4j_queries:rate5m",
    when: "there are two a second",
    series: queries(90, 30),
    atMinute: 10,
    values: [{ labels, value: 2 }],
  },
  {
    record: "instance:neo4j_queries:failed_ratio5m",
    when: "a quarter fails",
    series: queries(90, 30),
    atMinute: 10,
    values: [{ labels, value: 0.25 }],
  },
  {
    alert: "Neo4jLeaderless",
    when: "the leader goes, and nobody follows",
    series: leaders("1x4 stale", "0x20"),
    firesAtMinute: 6,
    notices: [{ labels: { job: "neo4j" }, summary: "Neo4j's cluster has no leader" }],
  },
  {
    alert: "Neo4jLeaderless",
    when: "another follows",
    series: leaders("1x4 0x20", "0x4 1x20"),
    quietAtMinutes: [5, 6, 20],
  },
  {
    alert: "Neo4jQueriesFail",
    when: "six of a hundred fail",
    series: queries(94, 6),
    firesAtMinute: 11,
    notices: [{ labels, summary: "neo4j-0 fails 6% of its queries" }],
  },
  { alert: "Neo4jQueriesFail", when: "four do", series: queries(96, 4), quietAtMinutes: [15, 60] },
  {
    alert: "Neo4jPageCacheSmall",
    when: "four of five pages are in memory",
    series: { ...hitRatio(0.8), ...queries(90, 0) },
    firesAtMinute: 31,
    notices: [{ labels, summary: "neo4j-0 finds 80% of its pages in memory" }],
  },
  {
    alert: "Neo4jPageCacheSmall",
    when: "nineteen of twenty are",
    series: { ...hitRatio(0.95), ...queries(90, 0) },
    quietAtMinutes: [35, 60],
  },
  {
    alert: "Neo4jPauses",
    when: "it pauses for twelve seconds a minute",
    series: { [`neo4j_dbms_vm_pause_time_total{${at}}`]: "0+12000x60" },
    firesAtMinute: 13,
    notices: [
      {
        labels,
        summary: "neo4j-0 stands still for a tenth of the time",
        description: "200 ms of each second go into the collection of garbage: its heap is too small.",
      },
    ],
  },
  {
    alert: "Neo4jPauses",
    when: "it does for two seconds a minute",
    series: { [`neo4j_dbms_vm_pause_time_total{${at}}`]: "0+2000x60" },
    quietAtMinutes: [12, 60],
  },
];
