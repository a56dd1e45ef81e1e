import { declarePods, kubernetesApi } from "../kubernetes-cluster/traffic.ts";
import type { Endpoint } from "../traffic/declaration.ts";

/** Port on which Prometheus answers. */
export const prometheusPort = 9090;

/** What Prometheus calls: whatever has metrics, Kubernetes, to find it, and Alertmanager. Nobody calls it yet. */
export function prometheusTraffic(metrics: readonly Endpoint[], alertmanager: Endpoint) {
  return declarePods("prometheus", "monitoring", {
    listens: { http: { port: prometheusPort } },
    calls: [
      ...metrics.map((to) => ({ to, purpose: "metrics" })),
      { to: alertmanager, purpose: "alerts" },
      ...Object.values(kubernetesApi.at).map((to) => ({ to, purpose: "which pods there are" })),
    ],
  });
}
