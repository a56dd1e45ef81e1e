import type { RuleSet } from "./rule.ts";

/** Neo4j, of which the enterprise edition alone tells anything: what it tells without a setting that asks for more. */
export const neo4jRules: RuleSet = {
  subject: "neo4j",
  dashboard: "neo4j",
  recordings: [
    {
      record: "instance:neo4j_queries:rate5m",
      expression:
        "rate(neo4j_database_neo4j_db_query_execution_success_total[5m]) + rate(neo4j_database_neo4j_db_query_execution_failure_total[5m])",
    },
    {
      record: "instance:neo4j_queries:failed_ratio5m",
      expression:
        "rate(neo4j_database_neo4j_db_query_execution_failure_total[5m]) / (instance:neo4j_queries:rate5m > 0)",
    },
  ],
  alerts: [
    {
      name: "Neo4jLeaderless",
      severity: "critical",
      // While a leader is chosen there may be none for some seconds.
      expression: "sum by (job) (neo4j_database_neo4j_cluster_raft_is_leader) == 0",
      lasting: "1m",
      summary: "Neo4j's cluster has no leader",
      description: "For a minute no member has led: what is written to the graph is refused.",
    },
    {
      name: "Neo4jQueriesFail",
      severity: "warning",
      expression: "instance:neo4j_queries:failed_ratio5m > 0.05 and instance:neo4j_queries:rate5m > 0.1",
      lasting: "10m",
      lingering: "10m",
      summary: "{{ $labels.instance }} fails {{ $value | humanizePercentage }} of its queries",
      description: "More than one in twenty, for ten minutes.",
    },
    {
      name: "Neo4jPageCacheSmall",
      severity: "warning",
      expression: "neo4j_dbms_page_cache_hit_ratio < 0.9 and instance:neo4j_queries:rate5m > 0.1",
      lasting: "30m",
      summary: "{{ $labels.instance }} finds {{ $value | humanizePercentage }} of its pages in memory",
      description:
        "Below 90 % for half an hour: the graph has outgrown its page cache, and queries wait for the disk.",
    },
    {
      name: "Neo4jPauses",
      severity: "warning",
      // Milliseconds of pause in a second.
      expression: "rate(neo4j_dbms_vm_pause_time_total[5m]) > 100",
      lasting: "10m",
      summary: "{{ $labels.instance }} stands still for a tenth of the time",
      description:
        '{{ $value | printf "%.0f" }} ms of each second go into the collection of garbage: its heap is too small.',
    },
  ],
};
