import { nodeAgentsNamespace } from "../../catalog/node-agents.ts";
import { declarePods } from "../kubernetes-cluster/traffic.ts";
import type { Endpoint } from "../traffic/declaration.ts";

/** Ports of the metrics, and of the health, of those who ship logs. */
export const shippingPorts = { metrics: 2021, health: 2020 } as const;

/** Who ships logs from every node, to the store of the stack's choice. */
export function logShippingTraffic({ store }: { readonly store: Endpoint }) {
  return declarePods("log-shipping", nodeAgentsNamespace, {
    listens: { metrics: { port: shippingPorts.metrics, metrics: true } },
    calls: [{ to: store, purpose: "logs" }],
  });
}
