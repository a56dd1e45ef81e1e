import { stackRule } from "../../rule.ts";
import { refersTo } from "../links.ts";

const clusterType = "digitalocean:index/databaseCluster:DatabaseCluster";
const poolType = "digitalocean:index/databaseConnectionPool:DatabaseConnectionPool";

export const requireConnectionPools = stackRule({
  name: "require-connection-pools",
  description:
    "Clients of PostgreSQL share connections by a pool: each connection is a process of the server, and a burst of clients is refused without one. Advice, because few clients need none.",
  remedy:
    'add `new DatabaseConnectionPool("pool", { clusterId: cluster.id, mode: "transaction", size: 20, ... })`',
  severity: "low",
  level: "advisory",
  references: [{ framework: "ScoutSuite", id: "database-databases-postgres-connection-pools" }],
  check: (resources, report) => {
    const pools = resources.filter(({ type }) => type === poolType);
    for (const cluster of resources) {
      if (cluster.type !== clusterType || cluster.props.engine !== "pg") continue;
      if (!pools.some((pool) => refersTo(pool, "clusterId", cluster)))
        report(cluster.urn, "no connection pool refers to this cluster");
    }
  },
});
