import type * as pulumi from "@pulumi/pulumi";
import type { DatabaseSize } from "../../catalog/sizes.ts";
import { databaseRule } from "../alerting/rules.ts";
import type { MonitorRules } from "../joints.ts";

/**
 * When somebody is told about a Valkey of a size.
 * @param evicts Whether it forgets when it is full, and so is used to being full.
 */
export function valkeyAlerts(size: pulumi.Output<DatabaseSize>, evicts: boolean): MonitorRules {
  return {
    cpu: databaseRule(
      "cpu_alerts",
      // Commands run one after another: of several CPUs, it is at its end with one busy and the others idle.
      size.apply(({ vcpus }) => 80 / Math.min(vcpus, 2)),
      "warning: the CPU that runs Valkey's commands is busy for more than 80 % of the time",
    ),
    load: databaseRule(
      "load_15_alerts",
      size.apply(({ vcpus }) => 2 * vcpus),
      "warning: for a quarter of an hour, twice as much has wanted to run in Valkey as its CPUs can",
    ),
    ...(!evicts && {
      memory: databaseRule("memory_utilization_alerts", 75, "warning: memory of Valkey above 75 %"),
      "memory-full": databaseRule(
        "memory_utilization_alerts",
        90,
        "critical: memory of Valkey above 90 %; when it is full, a queue takes no more jobs",
        "5m",
      ),
    }),
  };
}
