import { declarePods } from "../kubernetes-cluster/traffic.ts";
import type { Endpoint } from "../traffic/declaration.ts";

/** Port on which Kibana answers. */
export const kibanaPort = 5601;

/** Kibana, which shows what Elasticsearch holds. */
export const kibanaTraffic = (store: Endpoint) =>
  declarePods("kibana", "logs", {
    listens: { http: { port: kibanaPort } },
    calls: [{ to: store, purpose: "logs, for operators" }],
  });
