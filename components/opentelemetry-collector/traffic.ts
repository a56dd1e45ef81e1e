import { declarePods } from "../kubernetes-cluster/traffic.ts";
import type { Endpoint } from "../traffic/declaration.ts";

/** Ports of the collector: spans of pods, spans of browsers, its own figures, and whether it is well. */
export const collectorPorts = { http: 4318, browsers: 4319, metrics: 8888, health: 13_133 } as const;

/**
 * The collector, whom whoever has spans calls, and who hands them on.
 *
 * @param traces Where the spans are kept.
 */
export function collectorTraffic(traces: Endpoint) {
  const { http, browsers, metrics } = collectorPorts;
  return declarePods("opentelemetry-collector", "monitoring", {
    listens: {
      http: { port: http },
      browsers: { port: browsers },
      metrics: { port: metrics, metrics: true },
    },
    calls: [{ to: traces, purpose: "spans" }],
  });
}
