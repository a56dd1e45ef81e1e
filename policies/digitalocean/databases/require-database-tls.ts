import type { DatabaseValkeyConfigArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";

export const requireDatabaseTls = resourceRule<Pick<DatabaseValkeyConfigArgs, "ssl">>({
  name: "require-database-tls",
  description:
    "Valkey and Redis speak TLS alone: without it passwords and jobs cross the network in the clear.",
  remedy: "set `ssl: true`, and let clients use `rediss://`",
  severity: "high",
  references: [
    { framework: "SOC 2", id: "CC6.7" },
    { framework: "ISO 27001", id: "A.8.24" },
    { framework: "GDPR", id: "Article 32" },
  ],
  types: [
    "digitalocean:index/databaseRedisConfig:DatabaseRedisConfig",
    "digitalocean:index/databaseValkeyConfig:DatabaseValkeyConfig",
  ],
  check: ({ ssl }, report) => {
    if (ssl === false) report("clients may come without TLS", "ssl");
  },
  mend: (config) => {
    config.ssl = true;
  },
});
