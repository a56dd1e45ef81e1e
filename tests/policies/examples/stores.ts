import type { Breach } from "./breach.ts";

/** Breaches of the rules in `policies/stores/`. */
export const storesBreaches: readonly Breach[] = [
  ["require-store-alerts", "valkeyAlert", "enabled", false],
  ["require-store-alerts", "valkeyAlert", "type", "v1/insights/droplet/cpu"],
  ["require-store-alerts", "valkeyAlert", "type", "v1/dbaas/alerts/disk_utilization_alerts"],
  ["require-store-alerts", "postgresAlert", "type", "v1/dbaas/alerts/cpu_alerts"],
  ["require-store-declaration", "postgres", "tags", []],
  ...[0, 1, 2, 3, 4].map(
    (index): Breach => ["require-store-declaration", "postgres", `tags.${index}`, "other:tag"],
  ),
  ["require-store-declaration", "postgres", "tags.1", "recovery-point:none"],
  ["require-store-declaration", "postgres", "tags.1", "recovery-point:everything"],
  ["require-store-declaration", "postgres", "tags.2", "recovery-time:soon"],
  ["require-store-declaration", "postgres", "tags.3", "backup:none"],
  ["require-store-declaration", "postgres", "engine", "valkey"],
  ["require-store-declaration", "media", "store", undefined],
  ["require-store-declaration", "media", "store.recovery.time", undefined],
  ["require-store-declaration", "claim", "metadata.labels", {}],
  ["require-store-declaration", "statefulSet", "spec.volumeClaimTemplates.0.metadata.labels", undefined],
];
