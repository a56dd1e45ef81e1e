import { z } from "zod";
import type { Cloud } from "../../context.ts";
import { endpoint } from "../../endpoint.ts";
import { unprocessable } from "../../errors.ts";
import { parseRequest } from "../../validation.ts";
import { configurationDefaults, configurationSchemas } from "./configuration-fields.ts";
import { type DatabaseDocument, putDatabase, refuseEngine, requireDatabase } from "./model.ts";

const cluster = "/v2/databases/{database_cluster_uuid}";
const policyField = "valkey_maxmemory_policy";

const read = endpoint({
  method: "GET",
  path: `${cluster}/config`,
  handle: ({ cloud, params }) => ({
    config: configurationOf(requireDatabase(cloud, params.database_cluster_uuid)),
  }),
});

const patch = endpoint({
  method: "PATCH",
  path: `${cluster}/config`,
  status: 200,
  body: z.strictObject({ config: z.record(z.string(), z.unknown()) }),
  handle: ({ cloud, params, body }) => {
    const database = requireDatabase(cloud, params.database_cluster_uuid);
    const schema = z.object({ config: configurationSchemas[database.engine] });
    const { config } = parseRequest(schema, body);
    configure(cloud, database, config);
  },
});

/** What Valkey does when its memory is full. The configuration spells the policies with hyphens, this with underscores. */
const readEviction = endpoint({
  method: "GET",
  path: `${cluster}/eviction_policy`,
  handle: ({ cloud, params }) => {
    const database = requireDatabase(cloud, params.database_cluster_uuid);
    refuseEngine(database, "valkey", "eviction policies");
    return { eviction_policy: String(configurationOf(database)[policyField]).replace("-", "_") };
  },
});

const replaceEviction = endpoint({
  method: "PUT",
  path: `${cluster}/eviction_policy`,
  status: 204,
  body: z.strictObject({
    eviction_policy: z.enum([
      "noeviction",
      "allkeys_lru",
      "allkeys_random",
      "volatile_lru",
      "volatile_random",
      "volatile_ttl",
    ]),
  }),
  handle: ({ cloud, params, body }) => {
    const database = requireDatabase(cloud, params.database_cluster_uuid);
    refuseEngine(database, "valkey", "eviction policies");
    configure(cloud, database, { [policyField]: body.eviction_policy.replace("_", "-") });
  },
});

/** SQL modes are MySQL's, which the sandbox does not have. */
const sqlMode = (["GET", "PUT"] as const).map((method) =>
  endpoint({
    method,
    path: `${cluster}/sql_mode`,
    handle: ({ cloud, params }) => {
      const { engine } = requireDatabase(cloud, params.database_cluster_uuid);
      throw unprocessable(`SQL modes are not supported for ${engine}`);
    },
  }),
);

function configurationOf(database: DatabaseDocument): Readonly<Record<string, unknown>> {
  return { ...configurationDefaults[database.engine], ...database.configuration };
}

function configure(cloud: Cloud, database: DatabaseDocument, change: object): void {
  putDatabase(cloud.store, { ...database, configuration: { ...database.configuration, ...change } });
}

export const databaseConfiguration = [read, patch, readEviction, replaceEviction, ...sqlMode];
