import { thresholds } from "../../../catalog/thresholds.ts";
import { jobOf } from "../jobs/databases.ts";
import type { RuleSet } from "./rule.ts";

const ofDatabases = `job=~"${Object.values(jobOf).join("|")}"`;

/**
 * The nodes of managed databases, as DigitalOcean measures them. It also tells by itself when processors, memory or disk are
 * short (the databases' alerts.ts); here is what it does not: what a disk will be, and whoever has to get up for it.
 */
export const databaseRules: RuleSet = {
  subject: "databases",
  dashboard: "databases",
  recordings: [
    {
      record: "instance:database_cpu:utilisation",
      expression: `1 - avg by (job, instance) (cpu_usage_idle{${ofDatabases},cpu="cpu-total"}) / 100`,
    },
    {
      record: "instance:database_memory:utilisation",
      expression: `max by (job, instance) (mem_used_percent{${ofDatabases}}) / 100`,
    },
    {
      record: "instance:database_disk:utilisation",
      expression: `max by (job, instance) (disk_used_percent{${ofDatabases}}) / 100`,
    },
  ],
  alerts: [
    {
      name: "DatabaseDiskNearlyFull",
      severity: "critical",
      expression: `instance:database_disk:utilisation > ${thresholds.disk.critical}`,
      lasting: "1m",
      lingering: "5m",
      summary: "Disk of {{ $labels.instance }} is {{ $value | humanizePercentage }} full",
      description:
        "It is above 90 %. When it is full, DigitalOcean lets the cluster be read, and nothing can be written.",
    },
    {
      name: "DatabaseDiskFullInFourDays",
      severity: "warning",
      // What is nearly empty fills up in a straight line only on paper: half of it has to be used.
      expression:
        "predict_linear(instance:database_disk:utilisation[6h], 4 * 86400) > 1 and instance:database_disk:utilisation > 0.5",
      lasting: "1h",
      summary: "Disk of {{ $labels.instance }} is full in four days",
      description: "If it goes on filling as in the last six hours. More than half of it is used already.",
    },
  ],
};
