import type * as pulumi from "@pulumi/pulumi";
import type { DatabaseSize } from "../../catalog/sizes.ts";
import { databaseRule } from "../alerting/rules.ts";
import type { MonitorRules } from "../joints.ts";

/** When somebody is told about a PostgreSQL of a size. */
export function postgresAlerts(size: pulumi.Output<DatabaseSize>): MonitorRules {
  return {
    cpu: databaseRule("cpu_alerts", 80, "warning: CPU of PostgreSQL above 80 %"),
    load: databaseRule(
      "load_15_alerts",
      size.apply(({ vcpus }) => 2 * vcpus),
      "warning: for a quarter of an hour, twice as much has wanted to run in PostgreSQL as its CPUs can",
    ),
    memory: databaseRule("memory_utilization_alerts", 85, "warning: memory of PostgreSQL above 85 %"),
    disk: databaseRule("disk_utilization_alerts", 85, "warning: disk of PostgreSQL above 85 %"),
    "disk-full": databaseRule(
      "disk_utilization_alerts",
      90,
      "critical: disk of PostgreSQL above 90 %; when it is full, nothing can be written",
      "5m",
    ),
  };
}
