import type { DatabaseClusterArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../rule.ts";

export const requireDatabaseBackup = resourceRule<DatabaseClusterArgs>({
  name: "require-database-backup",
  description:
    "A database says how it is backed up and how much may be lost: Valkey has no backups, and nobody may learn it late.",
  remedy:
    "tag the cluster `backup:managed-daily` (or who backs it up, or `backup:none` for what can be rebuilt) and `recovery-point:5m`",
  severity: "high",
  references: [{ framework: "SOC 2", id: "A1.2" }],
  types: ["digitalocean:index/databaseCluster:DatabaseCluster"],
  check: (cluster, report) => {
    const tags = cluster.tags ?? [];
    const backup = tags.find((tag) => tag.startsWith("backup:"));
    if (backup === undefined) report("no tag says what backs it up", "tags");
    if (!tags.some((tag) => tag.startsWith("recovery-point:")))
      report("no tag says its recovery point", "tags");
    if (backup === "backup:managed-daily" && cluster.engine === "valkey") {
      report("managed Valkey has no backups, so it cannot be backed up daily", "tags");
    }
    if (backup === "backup:none" && cluster.engine === "pg") {
      report("a relational database is not something that can be rebuilt", "tags");
    }
  },
});
