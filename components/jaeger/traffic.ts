import { declarePods } from "../kubernetes-cluster/traffic.ts";

/** Ports of Jaeger: spans, its pages and its API, its own figures, and whether it is well. */
export const jaegerPorts = { spans: 4317, query: 16_686, metrics: 8888, health: 13_133 } as const;

/** Jaeger, who keeps spans and shows them, and calls nobody. */
export const jaegerTraffic = declarePods("jaeger", "monitoring", {
  listens: {
    spans: { port: jaegerPorts.spans },
    query: { port: jaegerPorts.query },
    metrics: { port: jaegerPorts.metrics, metrics: true },
  },
});
