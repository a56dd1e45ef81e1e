import { backupAnnotation } from "../../../catalog/recovery.ts";
import type { Breach, Sound } from "./breach.ts";

const annotation = ["metadata", "annotations", backupAnnotation];

/** Breaches of the rules in `policies/backups/`. */
export const backupsBreaches: readonly Breach[] = [
  ...["pulumi:state", "postgres", "media", "statefulSet"].map(
    (_store, index): Breach => ["require-backup", "backup", `backup.reaches.${index}`, "others"],
  ),
  ["require-backup", "valkeyBackup", "metadata.annotations", {}],
  ["require-backup", "images", "store.recovery.point", "1d"],
  ["require-backup", "claim", ["metadata", "labels", "whisper.platform/recovery-point"], "1h"],
  ["require-backup", "claim", "metadata.labels", {}],
  ["require-backup-declaration", "backup", "backup.reaches", []],
  ["require-backup-declaration", "backup", "backup.reaches.1", "yesterdays-store"],
  ["require-backup-declaration", "backup", "backup.every", "daily"],
  ["require-backup-declaration", "backup", "backup.retentionDays", "30d"],
  ["require-backup-declaration", "backup", "backup.encryptedBy", undefined],
  ["require-backup-declaration", "backup", "backup.targets", []],
  ["require-backup-declaration", "backup", "backup.targets.0.writer", ""],
  ["require-backup-declaration", "backup", "backup", "every night"],
  ["require-backup-declaration", "valkeyBackup", annotation, "{"],
  ["require-backup-schedule", "backup", "backup.every", "2d"],
  ["require-backup-schedule", "valkey", "tags.1", "recovery-point:5m"],
  ["require-backup-schedule", "media", "store.recovery.point", "23h"],
  ["require-backup-schedule", "valkeyBackup", "spec.paused", true],
  ["require-backup-schedule", "valkeyBackup", "spec.suspend", true],
  ["require-backup-retention", "backup", "backup.retentionDays", 29],
  ["require-backup-retention", "copiesBucket", "lifecycleRules.1.expiration.days", 34],
  ["require-encrypted-backups", "backup", "backup.encryptedBy", "nobody"],
  ["require-offsite-backups", "offsiteBucket", "region", "fra1"],
  ["require-offsite-backups", "backup", "backup.targets.1.bucket", "copies"],
  ["require-guarded-backup-history", "copiesBucket", "versioning", { enabled: false }],
  [
    "require-guarded-backup-history",
    "offsiteBucket",
    "lifecycleRules.0.noncurrentVersionExpiration.days",
    30,
  ],
  ["require-guarded-backup-history", "backup", "backup.targets.1.writer", "backup"],
  ["require-guarded-backup-history", "backup", "backup.targets.0.bucket", "nowhere"],
  ["require-restore-tests", "backup", "backup.restoreTestEvery", undefined],
  ["require-restore-tests", "backup", "backup.restoreTestEvery", "32d"],
];

/** What those rules may not mind. */
export const backupsSound: readonly Sound[] = [
  [
    "require-backup",
    "backup",
    "backup.reaches.1",
    "urn:pulumi:staging::whisper-platform::digitalocean:index/databaseCluster:DatabaseCluster::postgres",
  ],
  ["require-backup", "media", "store.recovery.point", "everything"],
  ["require-backup-declaration", "backup", "backup.restoreTestEvery", undefined],
  ["require-backup-schedule", "backup", "backup.every", "6h"],
  ["require-backup-retention", "backup", "backup.retentionDays", 30],
  ["require-backup-retention", "copiesBucket", "lifecycleRules.1.enabled", false],
  ["require-offsite-backups", "copiesBucket", "region", "nyc3"],
  [
    "require-guarded-backup-history",
    "copiesBucket",
    "lifecycleRules.0.noncurrentVersionExpiration",
    undefined,
  ],
  ["require-restore-tests", "backup", "backup.restoreTestEvery", "31d"],
];
