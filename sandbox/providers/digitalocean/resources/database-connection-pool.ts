import { type Fields, integer, name, string } from "../dsl/fields.ts";
import { type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { pickWire, rest } from "../dsl/rest.ts";
import { clusterId, clusterPath, connectionDocument, importingByName } from "../support/databases.ts";

const inputs: Fields = {
  clusterId,
  dbName: string({ required: true, replaces: true, wire: "db", minLength: 1 }),
  mode: string({ required: true, replaces: true, oneOf: ["session", "transaction", "statement"] }),
  name: name({ replaces: true, minLength: 3, maxLength: 63 }),
  size: integer({ required: true, replaces: true, min: 1 }),
  user: string({ replaces: true }),
};

const makeId = (cluster: string, pool: string) => `${cluster}/${pool}`;

/** Connections to a PostgreSQL database that clients share. */
export const databaseConnectionPool: ResourceDefinition = {
  token: resourceToken("DatabaseConnectionPool"),
  noun: "a connection pool",
  inputs,
  outputs: {
    host: string(),
    password: string({ secret: true }),
    port: integer(),
    privateHost: string(),
    privateUri: string({ secret: true }),
    uri: string({ secret: true }),
  },
  operations: rest({
    inputs,
    path: (known) => clusterPath(known, "pools"),
    one: "pool",
    many: "pools",
    id: (document, news) => makeId(String(news.clusterId), String(document.name)),
    segment: (_id, known) => String(known.name),
    body: (news) => pickWire(inputs, news, ["name", "mode", "size", "dbName", "user"]),
    document: (found, known) => ({
      ...connectionDocument(found, known),
      cluster_id: known.clusterId ?? "",
      user: found.user ?? null,
    }),
    importing: importingByName(makeId),
  }),
};
