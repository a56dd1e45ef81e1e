import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Cloud } from "../../context.ts";
import { endpoint } from "../../endpoint.ts";
import { conflict, found } from "../../errors.ts";
import { optionalText, portNumber } from "../../fields.ts";
import { parseRequest } from "../../validation.ts";
import { type DatabaseDocument, type LogSink, putDatabase, requireDatabase } from "./model.ts";

const sinks = "/v2/databases/{database_cluster_uuid}/logsink";

const rsyslog = z
  .strictObject({
    server: z.string().min(1),
    port: portNumber,
    tls: z.boolean().default(false),
    format: z.enum(["rfc5424", "rfc3164", "custom"]),
    logline: optionalText,
    sd: optionalText,
    ca: optionalText,
    key: optionalText,
    cert: optionalText,
  })
  .refine(({ format, logline }) => format !== "custom" || logline !== undefined, {
    path: ["logline"],
    message: "the format custom needs a log line",
  });

const elasticsearch = z.strictObject({
  url: z.url({ protocol: /^https$/, error: "is not a URL that begins with https://" }),
  index_prefix: z.string().min(1).max(1000),
  index_days_max: z.number().int().min(1).max(10_000).default(7),
  timeout: z.number().min(10).max(120).default(10),
  ca: optionalText,
});

const datadog = z.strictObject({ site: z.string().min(1), datadog_api_key: z.string().min(1) });

/** What each type of sink is told. */
const configurations: Readonly<Record<string, z.ZodType<object>>> = {
  rsyslog,
  elasticsearch,
  opensearch: elasticsearch,
  datadog,
};

const list = endpoint({
  method: "GET",
  path: sinks,
  handle: ({ cloud, params }) => ({ sinks: requireDatabase(cloud, params.database_cluster_uuid).sinks }),
});

const create = endpoint({
  method: "POST",
  path: sinks,
  body: z.strictObject({
    sink_name: z.string().min(1).max(255),
    sink_type: z.enum(["rsyslog", "elasticsearch", "opensearch", "datadog"]),
    config: z.unknown(),
  }),
  handle: ({ cloud, params, body }) => {
    const database = requireDatabase(cloud, params.database_cluster_uuid);
    if (database.sinks.some(({ sink_name: name }) => name === body.sink_name)) {
      throw conflict(`sink_name: ${database.name} already has a log sink named ${body.sink_name}`);
    }
    const sink = {
      sink_id: randomBytes(20).toString("hex"),
      sink_name: body.sink_name,
      sink_type: body.sink_type,
      config: readConfiguration(body.sink_type, body.config),
    };
    putDatabase(cloud.store, { ...database, sinks: [...database.sinks, sink] });
    return { sink };
  },
});

const read = endpoint({
  method: "GET",
  path: `${sinks}/{logsink_id}`,
  handle: ({ cloud, params }) => requireSink(cloud, params).sink,
});

const update = endpoint({
  method: "PUT",
  path: `${sinks}/{logsink_id}`,
  body: z.strictObject({ config: z.unknown() }),
  handle: ({ cloud, params, body }) => {
    const { database, sink } = requireSink(cloud, params);
    const changed = { ...sink, config: readConfiguration(sink.sink_type, body.config) };
    const all = database.sinks.map((each) => (each.sink_id === sink.sink_id ? changed : each));
    putDatabase(cloud.store, { ...database, sinks: all });
  },
});

const remove = endpoint({
  method: "DELETE",
  path: `${sinks}/{logsink_id}`,
  status: 200,
  handle: ({ cloud, params }) => {
    const { database, sink } = requireSink(cloud, params);
    putDatabase(cloud.store, {
      ...database,
      sinks: database.sinks.filter(({ sink_id: id }) => id !== sink.sink_id),
    });
  },
});

function readConfiguration(type: string, config: unknown): object {
  const schema = found(configurations[type]);
  const { config: read } = parseRequest(z.object({ config: schema }), { config });
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}

function requireSink(
  cloud: Cloud,
  params: { database_cluster_uuid: string; logsink_id: string },
): { database: DatabaseDocument; sink: LogSink } {
  const database = requireDatabase(cloud, params.database_cluster_uuid);
  return { database, sink: found(database.sinks.find(({ sink_id: id }) => id === params.logsink_id)) };
}

export const databaseLogSinks = [list, create, read, update, remove];
