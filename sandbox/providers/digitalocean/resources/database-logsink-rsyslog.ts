import { boolean, type Fields, integer, name, string } from "../dsl/fields.ts";
import { type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { PORT } from "../dsl/values.ts";
import { clusterId } from "../support/databases.ts";
import { logsink } from "../support/logsinks.ts";

const inputs: Fields = {
  caCert: string({ secret: true, wire: "ca" }),
  clientCert: string({ wire: "cert" }),
  clientKey: string({ secret: true, wire: "key" }),
  clusterId,
  format: string({ default: "rfc5424", oneOf: ["rfc5424", "rfc3164", "custom"] }),
  logline: string(),
  name: name({ replaces: true }),
  port: integer({ required: true, ...PORT }),
  server: string({ required: true, minLength: 1 }),
  structuredData: string({ wire: "sd" }),
  tls: boolean({ default: false }),
};

/** Logs of a database cluster, sent to a syslog server. */
export const databaseLogsinkRsyslog: ResourceDefinition = {
  token: resourceToken("DatabaseLogsinkRsyslog"),
  noun: "a log sink",
  inputs,
  outputs: { logsinkId: string() },
  operations: logsink("rsyslog", inputs),
};
