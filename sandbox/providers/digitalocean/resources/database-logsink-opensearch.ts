import { type Fields, integer, name, string } from "../dsl/fields.ts";
import { type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { clusterId } from "../support/databases.ts";
import { logsink } from "../support/logsinks.ts";

const inputs: Fields = {
  caCert: string({ secret: true, wire: "ca" }),
  clusterId,
  endpoint: string({ required: true, wire: "url", pattern: [/^https:\/\//, "must be an https address"] }),
  indexDaysMax: integer({ min: 1 }),
  indexPrefix: string({ required: true, minLength: 1 }),
  name: name({ replaces: true }),
  timeoutSeconds: integer({ min: 1, wire: "timeout" }),
};

/** Logs of a database cluster, sent to OpenSearch or Elasticsearch. */
export const databaseLogsinkOpensearch: ResourceDefinition = {
  token: resourceToken("DatabaseLogsinkOpensearch"),
  noun: "a log sink",
  inputs,
  outputs: { logsinkId: string() },
  operations: logsink("opensearch", inputs),
};
