import { declarePods, kubernetesApi } from "../kubernetes-cluster/traffic.ts";
import type { Endpoint } from "../traffic/declaration.ts";
import { internet } from "../traffic/outside.ts";

/** How network policies know it. */
export const healthMonitorParty = "health-monitor";

/** Whom the health monitor asks within the network. */
interface AskedEndpoints {
  readonly postgres: Endpoint;
  readonly valkey: Endpoint;
  readonly prometheus: Endpoint;
}

/** The health monitor, which asks everybody and is asked by nobody. */
export const healthMonitorTraffic = ({ postgres, valkey, prometheus }: AskedEndpoints) =>
  declarePods(healthMonitorParty, "monitoring", {
    calls: [
      { to: internet.at.https, purpose: "the public names, and the bucket of uploads" },
      { to: postgres, purpose: "whether it lets in" },
      { to: valkey, purpose: "whether it lets in, and how many jobs wait" },
      { to: prometheus, purpose: "whether alerts are raised" },
      ...Object.values(kubernetesApi.at).map((to) => ({ to, purpose: "nodes and workloads" })),
    ],
  });
