import { declarePods } from "../kubernetes-cluster/traffic.ts";
import type { Call, Endpoint } from "../traffic/declaration.ts";
import { internet } from "../traffic/outside.ts";

/** Ports on which Elasticsearch answers: clients, its equals, and who wants to know whether it has found them. */
export const elasticsearchPorts = { http: 9200, transport: 9300, readiness: 9399 } as const;

const party = "elasticsearch";

const equals: Call = {
  to: { party, protocol: "tcp", port: elasticsearchPorts.transport },
  purpose: "what each node of Elasticsearch holds",
};

/** Elasticsearch, its nodes among each other, and the bucket of its snapshots. */
export const elasticsearchTraffic = declarePods(party, "logs", {
  listens: {
    http: { port: elasticsearchPorts.http },
    transport: { port: elasticsearchPorts.transport },
  },
  calls: [equals, { to: internet.at.https, purpose: "snapshots of logs in the bucket" }],
});

/** What sets Elasticsearch and Kibana up is called so on the network. */
export const setUpTrafficName = "log-set-up";

/** What sets Elasticsearch and Kibana up, and calls both. */
export const setUpTraffic = (kibana: Endpoint) =>
  declarePods(setUpTrafficName, "logs", {
    calls: [
      { to: elasticsearchTraffic.at.http, purpose: "lifecycle, templates and snapshots" },
      { to: kibana, purpose: "saved views" },
    ],
  });
