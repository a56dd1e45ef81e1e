import type { RuleCase } from "./rule-case.ts";

const at = 'job="managed-postgres", instance="pg"';
const labels = { job: "managed-postgres", instance: "pg" };
const disk = (values: string) => ({ [`disk_used_percent{${at}, path="/"}`]: values });
const recorded = (values: string) => ({ [`instance:database_disk:utilisation{${at}}`]: values });

export const databaseCases: readonly RuleCase[] = [
  {
    record: "instance:database_disk:utilisation",
    when: "of two disks one is fuller",
    series: { ...disk("40x9"), [`disk_used_percent{${at}, path="/var"}`]: "70x9" },
    atMinute: 5,
    values: [{ labels, value: 0.7 }],
  },
  {
    record: "instance:database_disk:utilisation",
    when: "a machine of somebody else's tells of its disk by the same name",
    series: { 'disk_used_percent{job="telegraf", instance="laptop"}': "70x9" },
    atMinute: 5,
    values: [],
  },
  {
    record: "instance:database_memory:utilisation",
    when: "two thirds are taken",
    series: { [`mem_used_percent{${at}}`]: "66x9" },
    atMinute: 5,
    values: [{ labels, value: 0.66 }],
  },
  {
    record: "instance:database_cpu:utilisation",
    when: "the processors are idle for a quarter of the time",
    series: {
      [`cpu_usage_idle{${at}, cpu="cpu-total"}`]: "25x9",
      [`cpu_usage_idle{${at}, cpu="cpu0"}`]: "1x9",
    },
    atMinute: 5,
    values: [{ labels, value: 0.75 }],
  },
  {
    alert: "DatabaseDiskNearlyFull",
    when: "it is 91 % full",
    series: disk("80x4 91x20"),
    firesAtMinute: 6,
    notices: [{ labels, summary: "Disk of pg is 91% full" }],
  },
  {
    alert: "DatabaseDiskNearlyFull",
    when: "it is 89 % full",
    series: disk("89x20"),
    quietAtMinutes: [5, 10],
  },
  {
    alert: "DatabaseDiskFullInFourDays",
    when: "one that is 60 % full takes half a percent more an hour",
    stepMinutes: 30,
    series: recorded("0.6+0.0025x40"),
    // Two points make a line, at half an hour; it has to hold for an hour.
    firesAtMinute: 90,
    notices: [{ labels, summary: "Disk of pg is full in four days" }],
  },
  {
    alert: "DatabaseDiskFullInFourDays",
    when: "one that is 60 % full takes a tenth of a percent more an hour",
    stepMinutes: 30,
    series: recorded("0.6+0.0005x40"),
    quietAtMinutes: [90, 600],
  },
  {
    alert: "DatabaseDiskFullInFourDays",
    when: "one that is nearly empty fills fast",
    stepMinutes: 30,
    series: recorded("0.1+0.005x40"),
    quietAtMinutes: [90, 600],
  },
];
