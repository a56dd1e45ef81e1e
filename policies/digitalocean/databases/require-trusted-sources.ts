import { stackRule } from "../../rule.ts";

/** A replica has a list of its own. */
const databaseTypes = [
  "digitalocean:index/databaseCluster:DatabaseCluster",
  "digitalocean:index/databaseReplica:DatabaseReplica",
];
const firewallType = "digitalocean:index/databaseFirewall:DatabaseFirewall";

export const requireTrustedSources = stackRule({
  name: "require-trusted-sources",
  description:
    "Every database has a list of trusted sources: without one, anybody on the internet may knock.",
  remedy:
    "add a `DatabaseFirewall` whose `clusterId` is the cluster's id, with rules of type `k8s`, `droplet` or `tag`",
  severity: "critical",
  references: [
    { framework: "CIS DigitalOcean", id: "Databases: trusted sources" },
    { framework: "SOC 2", id: "CC6.6" },
    { framework: "ScoutSuite", id: "database-databases-postgres-trusted-sources" },
    { framework: "ScoutSuite", id: "database-databases-mysql-publically-exposed" },
  ],
  check: (resources, report) => {
    // By reference, because in a first preview neither id exists.
    const guarded = new Set(
      resources
        .filter((resource) => resource.type === firewallType)
        .flatMap((firewall) => firewall.propertyDependencies.clusterId ?? firewall.dependencies)
        .map((cluster) => cluster.urn),
    );
    for (const { type, urn } of resources) {
      if (databaseTypes.includes(type) && !guarded.has(urn))
        report(urn, "no DatabaseFirewall refers to this database");
    }
  },
});
