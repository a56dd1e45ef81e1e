import type { DatabaseUserArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";

export const refuseLegacyDatabaseAuth = resourceRule<Pick<DatabaseUserArgs, "mysqlAuthPlugin">>({
  name: "refuse-legacy-database-auth",
  description:
    "Users of MySQL sign in by `caching_sha2_password`: the older way hashes with SHA-1, without a salt, which is broken in minutes.",
  remedy: 'leave `mysqlAuthPlugin` out, or set it to `"caching_sha2_password"`',
  severity: "high",
  references: [
    { framework: "ScoutSuite", id: "database-databases-mysql-user-legacy-encryption" },
    { framework: "ISO 27001", id: "A.8.5" },
  ],
  types: ["digitalocean:index/databaseUser:DatabaseUser"],
  check: ({ mysqlAuthPlugin }, report) => {
    if (mysqlAuthPlugin !== undefined && mysqlAuthPlugin !== "caching_sha2_password")
      report(`it is ${mysqlAuthPlugin}`, "mysqlAuthPlugin");
  },
});
