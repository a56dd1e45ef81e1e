import type { DatabaseClusterArgs } from "@pulumi/digitalocean";
import { isProduction } from "../../environment.ts";
import { resourceRule } from "../../rule.ts";

export const requireStandbyNode = resourceRule<DatabaseClusterArgs>({
  name: "require-standby-node",
  description: "A production database has a standby: with one node, its maintenance is an outage.",
  remedy: "set `nodeCount: 2` or 3",
  severity: "high",
  references: [
    { framework: "SOC 2", id: "A1.2" },
    { framework: "ISO 27001", id: "A.8.14" },
  ],
  types: ["digitalocean:index/databaseCluster:DatabaseCluster"],
  check: (cluster, report) => {
    if (isProduction() && cluster.nodeCount < 2) report(`it has ${cluster.nodeCount} node`, "nodeCount");
  },
});
