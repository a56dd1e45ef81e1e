import { neo4j } from "../../catalog/engines.ts";
import { declarePods } from "../kubernetes-cluster/traffic.ts";

/** What its pods bear as `app.kubernetes.io/name`. */
export const neo4jParty = "neo4j";

const member = (port: number) => ({ party: neo4jParty, protocol: "tcp", port }) as const;

/**
 * Neo4j and its members, who reach each other. Of the community edition, which has neither members nor metrics nor online
 * backup, nobody answers but Bolt. Nobody fetches a backup yet: whoever will, calls `backup`.
 */
export const neo4jTraffic = declarePods(neo4jParty, "stores", {
  listens: {
    bolt: { port: neo4j.boltPort },
    transactions: { port: neo4j.memberPorts.transactions },
    raft: { port: neo4j.memberPorts.raft },
    routing: { port: neo4j.memberPorts.routing },
    backup: { port: neo4j.backupPort },
    metrics: { port: neo4j.metricsPort, metrics: true },
  },
  calls: [
    { to: member(neo4j.boltPort), purpose: "writes passed on to the member that leads" },
    { to: member(neo4j.memberPorts.transactions), purpose: "discovery and transactions among members" },
    { to: member(neo4j.memberPorts.raft), purpose: "votes among members" },
    { to: member(neo4j.memberPorts.routing), purpose: "queries among members" },
  ],
});
