import { databaseMetricsPort, postgres } from "../../catalog/engines.ts";
import { declareParty } from "../traffic/declaration.ts";

/**
 * PostgreSQL and its read replica, which answers where the primary does: rules know a database by the network's range
 * and its port alone.
 */
export const postgresTraffic = declareParty(
  "postgres",
  { kind: "database" },
  {
    listens: {
      direct: { port: postgres.port },
      pooled: { port: postgres.poolPort },
      metrics: { port: databaseMetricsPort, metrics: true },
    },
  },
);
