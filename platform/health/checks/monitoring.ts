import { z } from "zod";
import { type Answer, type Check, judged } from "../check.ts";
import type { CloudAccess } from "../cloud.ts";
import { readCloud } from "../cloud.ts";
import type { ClusterApi } from "../cluster.ts";

const alertsSchema = z.object({
  data: z.object({
    alerts: z.array(
      z.object({
        state: z.string(),
        labels: z.looseObject({ alertname: z.string(), severity: z.string().optional().default("") }),
      }),
    ),
  }),
});

type Alert = z.infer<typeof alertsSchema>["data"]["alerts"][number];

/** Always fires: that it does is the sign that alerts are raised at all. */
const watchdog = "Watchdog";

/**
 * Whether Prometheus answers, and what it says is wrong.
 *
 * @param service Namespace and name of its Service, which Kubernetes' API server leads to.
 */
export const prometheusCheck = (
  cluster: ClusterApi,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Check => ({
  subject: "monitoring",
  name,
  asked: "which alerts fire, through Kubernetes' API",
  remedy: "the page in docs/runbooks/ of each alert that fires; of no answer, TargetDown.md",
  ask: async (signal) => {
    const path = `/api/v1/namespaces/${namespace}/services/http:${name}:http/proxy/api/v1/alerts`;
    const { data } = await cluster.read(path, alertsSchema, signal);
    return judgeAlerts(data.alerts);
  },
});

/**
 * Whether Prometheus answers, and raises alerts. Which ones is not asked: those who are told of them know.
 *
 * @param address Its Service. @example "http://prometheus.monitoring.svc.cluster.local:9090"
 */
export const watchingCheck = (name: string, address: string): Check => ({
  subject: "monitoring",
  name,
  asked: `whether ${watchdog} fires, which always does`,
  remedy: "docs/runbooks/Watchdog.md",
  ask: async (signal) => {
    const answer = await fetch(new URL("/api/v1/alerts", address), { signal });
    if (!answer.ok) return { verdict: "critical", answer: `status ${answer.status}` };
    const { data } = alertsSchema.parse(await answer.json());
    return judgeAlerts(data.alerts.filter(({ labels }) => labels.alertname === watchdog));
  },
});

/** How the platform is while these alerts are there. */
export function judgeAlerts(alerts: readonly Alert[]): Answer {
  const firing = alerts.filter(({ state, labels }) => state === "firing" && labels.alertname !== watchdog);
  const alive = alerts.some(({ state, labels }) => state === "firing" && labels.alertname === watchdog);
  const of = (severity: string) => [
    ...new Set(
      firing.filter(({ labels }) => labels.severity === severity).map(({ labels }) => labels.alertname),
    ),
  ];
  const [critical, warning] = [of("critical"), of("warning")];
  return judged(
    [
      alive
        ? { verdict: "healthy", text: "raises alerts" }
        : { verdict: "critical", text: `raises no alerts: ${watchdog} does not fire` },
      ...(critical.length > 0
        ? [{ verdict: "critical" as const, text: `critical: ${critical.join(", ")}` }]
        : []),
      ...(warning.length > 0
        ? [{ verdict: "warning" as const, text: `warning: ${warning.join(", ")}` }]
        : []),
    ],
    { firingAlerts: firing.length },
  );
}

const stateSchema = z.object({
  state: z.object({
    regions: z.record(
      z.string(),
      z.object({ status: z.string(), thirty_day_uptime_percentage: z.number().optional() }),
    ),
  }),
});

/** What DigitalOcean's uptime check sees of a public address, from each place that it asks from. */
export const uptimeCheck = (
  access: CloudAccess,
  { id, name }: { readonly id: string; readonly name: string },
): Check => ({
  subject: "monitoring",
  name,
  asked: "what DigitalOcean's uptime check sees from outside",
  remedy: "docs/runbooks/SiteUnreachable.md",
  ask: async (signal) => {
    const { state } = await readCloud(access, `/v2/uptime/checks/${id}/state`, stateSchema, signal);
    return judgeRegions(state.regions);
  },
});

/** How an address is that these places see. */
export function judgeRegions(regions: z.infer<typeof stateSchema>["state"]["regions"]): Answer {
  const all = Object.entries(regions);
  const down = all.filter(([, { status }]) => status === "DOWN").map(([region]) => region);
  const up = all.filter(([, { status }]) => status === "UP");
  const uptimes = up.flatMap(([, { thirty_day_uptime_percentage: uptime }]) => uptime ?? []);
  if (up.length === 0 && down.length === 0) {
    return { verdict: "unchecked", answer: "not checked, because none of its places has asked yet" };
  }
  return judged(
    [
      {
        verdict: down.length === 0 ? "healthy" : up.length === 0 ? "critical" : "warning",
        text:
          down.length === 0 ? `up as seen from ${up.length} places` : `down as seen from ${down.join(", ")}`,
      },
      ...(uptimes.length > 0
        ? [{ verdict: "healthy" as const, text: `${Math.min(...uptimes).toFixed(2)} % of 30 days` }]
        : []),
    ],
    uptimes.length > 0 ? { uptimePercent: Math.min(...uptimes) } : {},
  );
}
