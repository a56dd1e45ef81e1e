import type { DatabaseClusterArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../rule.ts";

/** How much may be lost: what was written in a time, or all there is. */
const recoveryPointTag = /^recovery-point:(\d+[mhd]|everything)$/;

export const requireDatabaseBackup = resourceRule<DatabaseClusterArgs>({
  name: "require-database-backup",
  description:
    "A database says how it is backed up and how much may be lost: Valkey has no backups, and nobody may learn it late.",
  remedy:
    "tag the cluster `backup:managed-daily` (or who backs it up) and `recovery-point:5m`; what can be rebuilt `backup:none` and `recovery-point:everything`",
  severity: "high",
  references: [{ framework: "SOC 2", id: "A1.2" }],
  types: ["digitalocean:index/databaseCluster:DatabaseCluster"],
  check: (cluster, report) => {
    const tags = cluster.tags ?? [];
    const backup = tags.find((tag) => tag.startsWith("backup:"));
    if (backup === undefined) report("no tag says what backs it up", "tags");
    const recoveryPoint = tags.find((tag) => tag.startsWith("recovery-point:"));
    if (recoveryPoint === undefined) report("no tag says its recovery point", "tags");
    else if (!recoveryPointTag.test(recoveryPoint)) {
      report(`${recoveryPoint} is neither a time (5m, 24h, 7d) nor everything`, "tags");
    }
    if (backup === "backup:none" && recoveryPoint !== "recovery-point:everything") {
      report(
        "nothing backs it up, so everything may be lost, and its recovery point does not say so",
        "tags",
      );
    }
    if (backup === "backup:managed-daily" && cluster.engine === "valkey") {
      report("managed Valkey has no backups, so it cannot be backed up daily", "tags");
    }
    if (backup === "backup:none" && cluster.engine === "pg") {
      report("a relational database is not something that can be rebuilt", "tags");
    }
  },
});
