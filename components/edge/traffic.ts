import { declarePods } from "../kubernetes-cluster/traffic.ts";
import { type Call, declareParty, type Endpoint } from "../traffic/declaration.ts";
import { internet } from "../traffic/outside.ts";
import { sitePort } from "./nginx.ts";

/** Port of nginx's metrics. */
export const exporterPort = 9113;

/** Whom the edge forwards to. */
interface EdgeCalls {
  readonly web: Endpoint;
  /** The API as configured, and the release on its way in. */
  readonly api: Endpoint;
  readonly candidate: Endpoint;
  /** What operators look at, and what for. */
  readonly consoles: readonly Call[];
  /** Who takes the spans of browsers; nobody where that is not wanted. */
  readonly browserSpans?: Endpoint;
}

/** What nginx and the load balancer before it listen on, and whom nginx forwards to. */
export function edgeTraffic({ web, api, candidate, consoles, browserSpans }: EdgeCalls) {
  const edge = declarePods("edge", "edge", {
    listens: { site: { port: sitePort }, metrics: { port: exporterPort, metrics: true } },
    calls: [
      { to: web, purpose: "pages" },
      { to: api, purpose: "requests and WebSockets" },
      { to: candidate, purpose: "the share of a release" },
      ...consoles,
      ...(browserSpans ? [{ to: browserSpans, purpose: "spans of browsers" }] : []),
    ],
  });
  const everybody = [{ who: internet, purpose: "users" }];
  const loadBalancer = declareParty(
    "load-balancer",
    { kind: "load-balancer" },
    {
      listens: { http: { port: 80, openTo: everybody }, https: { port: 443, openTo: everybody } },
      calls: [{ to: edge.at.site, purpose: "everything users send" }],
    },
  );
  return { edge, loadBalancer };
}
