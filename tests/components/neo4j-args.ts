import type { Neo4jArgs } from "../../components/neo4j/arguments.ts";
import { neo4jTraffic } from "../../components/neo4j/traffic.ts";
import { podTraffic } from "../../components/traffic/network-policy.ts";
import { ownership } from "./fixtures.ts";

const sites = {
  addresses: { vpc: "10.16.0.0/16", pods: "10.17.0.0/16", services: "10.18.0.0/20" },
  namespaces: { stores: "stores", "kube-system": "kube-system" },
  operatorRanges: [],
};
const flows = neo4jTraffic.calls
  .filter(({ to }) => to.party === neo4jTraffic.name)
  .map(({ to, purpose }) => ({ from: neo4jTraffic, to: neo4jTraffic, ...to, purpose }));

/** A single server of the community edition, as staging has one. */
export const single: Neo4jArgs = {
  ownership,
  namespace: { name: "stores", guards: [] },
  edition: "community",
  nodeSize: "s-4vcpu-8gb",
  resources: { cpu: "250m", cpuLimit: "2", memory: "2Gi" },
  diskGib: 10,
  traffic: podTraffic({ parties: [neo4jTraffic], flows, sites }, neo4jTraffic),
};

/** A cluster of the enterprise edition, as production has one. */
export const cluster: Neo4jArgs = {
  ...single,
  edition: "enterprise",
  licence: "yes",
  nodeSize: "m-2vcpu-16gb",
  resources: { cpu: "1", cpuLimit: "2" },
  diskGib: 50,
};
