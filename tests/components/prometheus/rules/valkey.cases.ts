import type { RuleCase } from "./rule-case.ts";

const at = 'job="valkey-exporter", instance="valkey"';
const labels = { job: "valkey-exporter", instance: "valkey" };

/** So many keys are found a minute, and so many not. */
const lookups = (hits: number, misses: number) => ({
  [`redis_keyspace_hits_total{${at}}`]: `0+${hits}x60`,
  [`redis_keyspace_misses_total{${at}}`]: `0+${misses}x60`,
});
const memory = (used: number, limit: number) => ({
  [`redis_memory_used_bytes{${at}}`]: `${used}x60`,
  [`redis_memory_max_bytes{${at}}`]: `${limit}x60`,
});
const oneAfterNine = "0x9 1x60";

export const valkeyCases: readonly RuleCase[] = [
  {
    record: "instance:redis_lookups:hit_ratio15m",
    when: "seven of ten are found",
    series: lookups(700, 300),
    atMinute: 20,
    values: [{ labels, value: 0.7 }],
  },
  {
    record: "instance:redis_memory:utilisation",
    when: "half is used, and of another there is no limit",
    series: { ...memory(50, 100), redis_memory_used_bytes: "50x60", redis_memory_max_bytes: "0x60" },
    atMinute: 5,
    values: [{ labels, value: 0.5 }],
  },
  {
    record: "instance:redis_commands:rate5m",
    when: "it has ninety a minute",
    series: { [`redis_commands_processed_total{${at}}`]: "0+90x20" },
    atMinute: 10,
    values: [{ labels, value: 1.5 }],
  },
  {
    alert: "ValkeyUnreachable",
    when: "its exporter is no longer let in",
    series: { [`redis_up{${at}}`]: "1x4 0x9" },
    firesAtMinute: 6,
    notices: [
      {
        labels,
        summary: "Valkey cannot be reached",
        description:
          "The exporter at valkey has not been let in for a minute: no job is queued, and nobody stays signed in.",
      },
    ],
  },
  {
    alert: "ValkeyUnreachable",
    when: "it is not let in once",
    series: { [`redis_up{${at}}`]: "1x4 0 1x9" },
    quietAtMinutes: [5, 6, 10],
  },
  {
    alert: "ValkeyRefusesWrites",
    when: "a command ends for want of memory",
    series: { [`redis_errors_total{${at}, err="OOM"}`]: oneAfterNine },
    firesAtMinute: 11,
    notices: [{ labels: { ...labels, err: "OOM" }, summary: "Valkey is full, and refuses to write" }],
  },
  {
    alert: "ValkeyRefusesWrites",
    when: "somebody uses a wrong password",
    series: { [`redis_errors_total{${at}, err="WRONGPASS"}`]: oneAfterNine },
    quietAtMinutes: [11, 30],
  },
  {
    alert: "ValkeyMemoryShort",
    when: "86 % are used",
    series: memory(86, 100),
    firesAtMinute: 5,
    notices: [{ labels, summary: "Valkey's memory is 86% full" }],
  },
  { alert: "ValkeyMemoryShort", when: "84 % are", series: memory(84, 100), quietAtMinutes: [6, 60] },
  {
    alert: "CacheHitRateLow",
    when: "79 of 100 are found",
    series: lookups(790, 210),
    firesAtMinute: 11,
    notices: [{ labels, summary: "The cache knows 79% of what it is asked for" }],
  },
  { alert: "CacheHitRateLow", when: "81 are", series: lookups(810, 190), quietAtMinutes: [12, 60] },
  {
    alert: "CacheHitRateLow",
    when: "hardly anybody asks",
    series: lookups(10, 40),
    quietAtMinutes: [12, 60],
  },
  {
    alert: "ValkeyEvicts",
    when: "keys go for a while",
    series: { [`redis_evicted_keys_total{${at}}`]: oneAfterNine },
    firesAtMinute: 15,
    notices: [{ labels, summary: "Valkey forgets keys for want of memory" }],
  },
  {
    alert: "ValkeyEvicts",
    when: "none has gone since the counter began",
    series: { [`redis_evicted_keys_total{${at}}`]: "12x60" },
    quietAtMinutes: [6, 60],
  },
  {
    alert: "ValkeyRejectsConnections",
    when: "one is turned away",
    series: { [`redis_rejected_connections_total{${at}}`]: oneAfterNine },
    firesAtMinute: 11,
    notices: [{ labels, summary: "Valkey turns clients away" }],
  },
  {
    alert: "ValkeyRejectsConnections",
    when: "none is",
    series: { [`redis_rejected_connections_total{${at}}`]: "3x60" },
    quietAtMinutes: [2, 60],
  },
];
