import type { Cloud } from "../../context.ts";
import { endpoint } from "../../endpoint.ts";
import { unprocessable } from "../../errors.ts";
import { type DatabaseDocument, requireDatabase, restorableMs } from "./model.ts";
import { findEngine } from "./sizes.ts";

const dayMs = 24 * 3_600_000;
const keptDays = restorableMs / dayMs;

/**
 * When the backups that are kept were taken, the newest first: one as soon as the cluster is online, then daily. An upgrade
 * begins them anew.
 */
export function backupsOf(cloud: Cloud, database: DatabaseDocument): string[] {
  if (findEngine(database.engine)?.managedBackups !== true) return [];
  const firstMs = (database.upgradedMs ?? database.createdMs) + cloud.latencyMs;
  const taken = Math.floor((cloud.now() - firstMs) / dayMs) + 1;
  return Array.from({ length: Math.max(0, Math.min(taken, keptDays)) }, (_, age) => {
    const takenMs = firstMs + (taken - 1 - age) * dayMs;
    return `${new Date(takenMs).toISOString().slice(0, 19)}Z`;
  });
}

const list = endpoint({
  method: "GET",
  path: "/v2/databases/{database_cluster_uuid}/backups",
  handle: ({ cloud, params }) => {
    const database = requireDatabase(cloud, params.database_cluster_uuid);
    if (findEngine(database.engine)?.managedBackups !== true) {
      throw unprocessable(`backups are not supported for ${database.engine}`);
    }
    const at = new Date(database.createdMs + cloud.latencyMs);
    return {
      backups: backupsOf(cloud, database).map((created) => ({
        created_at: created,
        size_gigabytes: 0.03,
        incremental: false,
      })),
      scheduled_backup_time: {
        backup_hour: at.getUTCHours(),
        backup_minute: at.getUTCMinutes(),
        backup_interval_hours: 24,
      },
    };
  },
});

export const databaseBackups = [list];
