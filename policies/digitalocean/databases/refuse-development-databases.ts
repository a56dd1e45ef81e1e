import type { AppArgs } from "@pulumi/digitalocean";
import { isProduction } from "../../environment.ts";
import { resourceRule } from "../../rule.ts";

export const refuseDevelopmentDatabases = resourceRule<Pick<AppArgs, "spec">>({
  name: "refuse-development-databases",
  description:
    "Production's apps use managed clusters: a development database of App Platform has one node, no backups, no trusted sources and no private network.",
  remedy:
    "make a `DatabaseCluster`, and name it: `databases: [{ production: true, clusterName: cluster.name }]`",
  severity: "high",
  references: [
    { framework: "SOC 2", id: "A1.2" },
    { framework: "ISO 27001", id: "A.8.13" },
  ],
  types: ["digitalocean:index/app:App"],
  check: ({ spec }, report) => {
    if (!isProduction()) return;
    for (const [index, database] of (spec?.databases ?? []).entries()) {
      if (database.production !== true)
        report("it is a development database", `spec.databases[${index}].production`);
    }
  },
});
