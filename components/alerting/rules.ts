import { thresholds } from "../../catalog/thresholds.ts";
import type { MonitorRule, MonitorRules } from "../joints.ts";

/** Thresholds for droplets. DigitalOcean measures no GPUs: those are Prometheus's. */
export const dropletRules: MonitorRules = {
  cpu: {
    type: "v1/insights/droplet/cpu",
    compare: "GreaterThan",
    value: 80,
    window: "30m",
    description: "warning: CPU of a droplet above 80 %",
  },
  memory: {
    type: "v1/insights/droplet/memory_utilization_percent",
    compare: "GreaterThan",
    value: 85,
    window: "10m",
    description: "warning: memory of a droplet above 85 %",
  },
  disk: {
    type: "v1/insights/droplet/disk_utilization_percent",
    compare: "GreaterThan",
    value: 85,
    window: "10m",
    description: "warning: disk of a droplet above 85 %",
  },
  "disk-full": {
    type: "v1/insights/droplet/disk_utilization_percent",
    compare: "GreaterThan",
    value: 90,
    window: "5m",
    description: "critical: disk of a droplet above 90 %",
  },
};

/** A threshold for database clusters: what DigitalOcean measures of them is in its API's description. */
export function databaseRule(
  metric: "cpu_alerts" | "load_15_alerts" | "memory_utilization_alerts" | "disk_utilization_alerts",
  value: MonitorRule["value"],
  description: string,
  window: MonitorRule["window"] = "10m",
): MonitorRule {
  return { type: `v1/dbaas/alerts/${metric}`, compare: "GreaterThan", value, window, description };
}

/** What an uptime check reports, seen from DigitalOcean's own places around the world. */
interface UptimeRule {
  readonly type: "down" | "down_global" | "latency" | "ssl_expiry";
  readonly comparison?: "greater_than" | "less_than";
  /** Milliseconds for latency, days for a certificate. */
  readonly threshold?: number;
  readonly period: "2m" | "3m" | "5m" | "10m" | "15m" | "30m" | "1h";
}

/** What is reported of every endpoint. */
export const uptimeRules: Readonly<Record<string, UptimeRule>> = {
  down: { type: "down_global", period: "2m" },
  slow: {
    type: "latency",
    comparison: "greater_than",
    threshold: 1000 * thresholds.responseSeconds,
    period: "5m",
  },
  certificate: {
    type: "ssl_expiry",
    comparison: "less_than",
    threshold: thresholds.certificateDays,
    period: "2m",
  },
};
