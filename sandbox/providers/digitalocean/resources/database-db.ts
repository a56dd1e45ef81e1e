import { type Fields, name } from "../dsl/fields.ts";
import { type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { pickWire, rest } from "../dsl/rest.ts";
import { clusterId, clusterPath, importingByName } from "../support/databases.ts";

const inputs: Fields = { clusterId, name: name({ replaces: true, maxLength: 63 }) };

const makeId = (cluster: string, database: string) => `${cluster}/database/${database}`;

/** A database in a cluster. */
export const databaseDb: ResourceDefinition = {
  token: resourceToken("DatabaseDb"),
  noun: "a database",
  inputs,
  outputs: {},
  operations: rest({
    inputs,
    path: (known) => clusterPath(known, "dbs"),
    one: "db",
    many: "dbs",
    id: (document, news) => makeId(String(news.clusterId), String(document.name)),
    segment: (_id, known) => String(known.name),
    body: (news) => pickWire(inputs, news, ["name"]),
    document: (found, known) => ({ ...found, cluster_id: known.clusterId ?? "" }),
    importing: importingByName(makeId),
  }),
};
