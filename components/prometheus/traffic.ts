import { declarePods, kubelets, kubernetesApi } from "../kubernetes-cluster/traffic.ts";
import type { Endpoint } from "../traffic/declaration.ts";

/** Port on which Prometheus answers. */
export const prometheusPort = 9090;

const party = "prometheus";

/** Where it answers whoever asks it for what it knows; it calls so many that most are declared before it. */
export const prometheusEndpoint: Endpoint = { party, protocol: "tcp", port: prometheusPort };

/** What Prometheus calls: whatever has metrics, kubelets too, Kubernetes, to find it, and Alertmanager. */
export function prometheusTraffic(metrics: readonly Endpoint[], alertmanager: Endpoint) {
  return declarePods(party, "monitoring", {
    listens: { http: { port: prometheusPort } },
    calls: [
      ...metrics.map((to) => ({ to, purpose: "metrics" })),
      { to: alertmanager, purpose: "alerts" },
      { to: kubelets.at.metrics, purpose: "metrics" },
      ...Object.values(kubernetesApi.at).map((to) => ({ to, purpose: "which pods there are" })),
    ],
  });
}

/** Name of the one that keeps aggregates. */
export const historyParty = "prometheus-history";

/** The Prometheus that keeps what the other records, and reads it there. */
export const prometheusHistoryTraffic = declarePods(historyParty, "monitoring", {
  listens: { http: { port: prometheusPort, metrics: true } },
  calls: [{ to: prometheusEndpoint, purpose: "what the rules record" }],
});
