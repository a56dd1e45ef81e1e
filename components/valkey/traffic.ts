import { databaseMetricsPort, valkey } from "../../catalog/engines.ts";
import { declareParty } from "../traffic/declaration.ts";

/** Valkey. */
export const valkeyTraffic = declareParty(
  "valkey",
  { kind: "database" },
  { listens: { queue: { port: valkey.port }, metrics: { port: databaseMetricsPort, metrics: true } } },
);
