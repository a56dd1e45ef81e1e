import { type Fields, integer, name, string, tags } from "../dsl/fields.ts";
import { type Operations, type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { pickWire, rest, whenStatus } from "../dsl/rest.ts";
import { uuid } from "../dsl/values.ts";
import type { PlainMap } from "../dsl/wire.ts";
import { clusterId, clusterPath, connectionDocument, importingByName } from "../support/databases.ts";

const inputs: Fields = {
  clusterId,
  name: name({ replaces: true, minLength: 3 }),
  privateNetworkUuid: string({ computed: true, replaces: true, rules: [uuid] }),
  region: string({ replaces: true, offer: "regions" }),
  size: string(),
  storageSizeMib: string({ computed: true, pattern: [/^\d+$/, "must be a number of MiB"] }),
  tags: tags({ replaces: true }),
};

const makeId = (cluster: string, replica: string) => `${cluster}/replicas/${replica}`;
const storage = (news: PlainMap): PlainMap =>
  news.storageSizeMib === undefined ? {} : { storage_size_mib: Number(news.storageSizeMib) };

const collection = rest({
  inputs,
  path: (known) => clusterPath(known, "replicas"),
  one: "replica",
  many: "replicas",
  id: (document, news) => makeId(String(news.clusterId), String(document.name)),
  segment: (_id, known) => String(known.name),
  body: (news) => ({
    ...pickWire(inputs, news, ["name", "region", "size", "privateNetworkUuid", "tags"]),
    ...storage(news),
  }),
  document: (found, known) => ({
    ...connectionDocument(found, known),
    cluster_id: known.clusterId ?? "",
    uuid: found.id ?? "",
  }),
  ready: whenStatus("online"),
  goesSlowly: true,
  importing: importingByName(makeId),
});

const operations: Operations = {
  ...collection,
  async update(id, news, known, operation) {
    // A replica is resized under its own id, as if it were a cluster of one node.
    const itself = { clusterId: known.uuid ?? "" };
    const body = { size: news.size ?? known.size ?? "", num_nodes: 1, ...storage(news) };
    await operation.api.put(clusterPath(itself, "resize"), body, operation.signal);
    return collection.settle?.({ id, document: {} }, known, operation);
  },
};

/** A read-only copy of a database. */
export const databaseReplica: ResourceDefinition = {
  token: resourceToken("DatabaseReplica"),
  noun: "a database replica",
  inputs,
  timeoutMs: 30 * 60 * 1000,
  outputs: {
    database: string(),
    host: string(),
    password: string({ secret: true }),
    port: integer(),
    privateHost: string(),
    privateUri: string({ secret: true }),
    uri: string({ secret: true }),
    user: string(),
    uuid: string(),
  },
  operations,
};
