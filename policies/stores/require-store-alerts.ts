import { referredTo } from "../digitalocean/links.ts";
import { stackRule } from "../rule.ts";

const alertType = "digitalocean:index/monitorAlert:MonitorAlert";
const clusterType = "digitalocean:index/databaseCluster:DatabaseCluster";

export const requireStoreAlerts = stackRule({
  name: "require-store-alerts",
  description:
    "Somebody is told when a managed database runs out of disk, memory or processor: a full disk is read-only, and a queue without memory takes no job.",
  remedy:
    "add a `MonitorAlert` of type `v1/dbaas/alerts/disk_utilization_alerts` with `entities: [cluster.id]`, or name the database in the `databases` of the component Alerting",
  severity: "high",
  references: [
    { framework: "SOC 2", id: "A1.1" },
    { framework: "ISO 27001", id: "A.8.6" },
  ],
  check: (resources, report) => {
    // By reference, because in a first preview no cluster has an id.
    const watched = new Set(
      resources
        .filter(({ type, props }) => type === alertType && props.enabled !== false)
        .filter(({ props }) => String(props.type).startsWith("v1/dbaas/alerts/"))
        .flatMap((alert) => referredTo(alert, "entities", clusterType))
        .map(({ urn }) => urn),
    );
    for (const { type, urn } of resources)
      if (type === clusterType && !watched.has(urn)) report(urn, "no MonitorAlert watches this cluster");
  },
});
