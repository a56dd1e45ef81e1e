import { thresholds } from "../../../catalog/thresholds.ts";
import type { RuleSet } from "./rule.ts";

const lookups = "(rate(redis_keyspace_hits_total[15m]) + rate(redis_keyspace_misses_total[15m]))";

/** Valkey: queue, cache and sessions, as Redis' exporter sees it. */
export const valkeyRules: RuleSet = {
  subject: "valkey",
  dashboard: "valkey",
  recordings: [
    {
      record: "instance:redis_lookups:hit_ratio15m",
      expression: `rate(redis_keyspace_hits_total[15m]) / (${lookups} > 0)`,
    },
    {
      record: "instance:redis_memory:utilisation",
      // A limit of 0 is none.
      expression: "redis_memory_used_bytes / (redis_memory_max_bytes > 0)",
    },
    {
      record: "instance:redis_commands:rate5m",
      expression: "rate(redis_commands_processed_total[5m])",
    },
  ],
  alerts: [
    {
      name: "ValkeyUnreachable",
      severity: "critical",
      expression: "redis_up == 0",
      lasting: "1m",
      summary: "Valkey cannot be reached",
      description:
        "The exporter at {{ $labels.instance }} has not been let in for a minute: no job is queued, and nobody stays signed in.",
    },
    {
      name: "ValkeyRefusesWrites",
      severity: "critical",
      expression: 'increase(redis_errors_total{err="OOM"}[5m]) > 0',
      lasting: "1m",
      lingering: "5m",
      summary: "Valkey is full, and refuses to write",
      description: "Commands have ended with OOM in the last five minutes: jobs cannot be queued.",
    },
    {
      name: "ValkeyMemoryShort",
      severity: "warning",
      expression: `instance:redis_memory:utilisation > ${thresholds.memory}`,
      lasting: "5m",
      lingering: "10m",
      summary: "Valkey's memory is {{ $value | humanizePercentage }} full",
      description: "Above 85 % for five minutes. When it is full, a queue takes no more jobs.",
    },
    {
      name: "CacheHitRateLow",
      severity: "warning",
      expression: `instance:redis_lookups:hit_ratio15m < ${thresholds.cacheHits.warning} and ${lookups} > ${thresholds.cacheHits.least}`,
      lasting: "10m",
      lingering: "10m",
      summary: "The cache knows {{ $value | humanizePercentage }} of what it is asked for",
      description:
        "Below 80 % over a quarter of an hour, with more than one question a second: the database answers the rest.",
    },
    {
      name: "ValkeyEvicts",
      severity: "warning",
      expression: "increase(redis_evicted_keys_total[10m]) > 0",
      lasting: "5m",
      lingering: "10m",
      summary: "Valkey forgets keys for want of memory",
      description: "Where jobs or sessions are kept too, that are lost uploads and users who are signed out.",
    },
    {
      name: "ValkeyRejectsConnections",
      severity: "warning",
      expression: "increase(redis_rejected_connections_total[5m]) > 0",
      lasting: "1m",
      lingering: "10m",
      summary: "Valkey turns clients away",
      description: "More want to be connected than it takes (maxclients).",
    },
  ],
};
