import { refersTo } from "../digitalocean/links.ts";
import { stackRule } from "../rule.ts";

const alertType = "digitalocean:index/monitorAlert:MonitorAlert";
const clusterType = "digitalocean:index/databaseCluster:DatabaseCluster";

export const requireStoreAlerts = stackRule({
  name: "require-store-alerts",
  description:
    "Somebody is told before a managed database's disk is full, or the memory of one that keeps all in it: a full disk is read-only, and a queue without memory takes no job.",
  remedy:
    "add a `MonitorAlert` of type `v1/dbaas/alerts/disk_utilization_alerts` (Valkey: `memory_utilization_alerts`) with `entities: [cluster.id]`, or name the database in the `databases` of the component Alerting",
  severity: "high",
  references: [
    { framework: "SOC 2", id: "A1.1" },
    { framework: "ISO 27001", id: "A.8.6" },
  ],
  check: (resources, report) => {
    for (const cluster of resources.filter(({ type }) => type === clusterType)) {
      // By reference, because in a first preview no cluster has an id.
      const watched = resources
        .filter(({ type, props }) => type === alertType && props.enabled !== false)
        .filter((alert) => refersTo(alert, "entities", cluster))
        .map(({ props }) => props.type);
      const missing = wanted(cluster.props.engine).filter((metric) => !watched.includes(alertOf(metric)));
      if (missing.length > 0) report(cluster.urn, `no MonitorAlert watches its ${missing.join(" and ")}`);
    }
  },
});

/** What ends first: jobs and sessions fill the memory of what keeps all in it, rows fill a disk. */
const wanted = (engine: unknown): readonly Metric[] =>
  engine === "valkey" || engine === "redis" ? ["memory"] : ["disk"];

type Metric = "memory" | "disk";
const alertOf = (metric: Metric): string => `v1/dbaas/alerts/${metric}_utilization_alerts`;
