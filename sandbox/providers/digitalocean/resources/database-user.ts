import { type Fields, list, name, object, string } from "../dsl/fields.ts";
import { type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { pickWire, rest } from "../dsl/rest.ts";
import { isPlainMap, type PlainMap } from "../dsl/wire.ts";
import { clusterId, clusterPath, importingByName } from "../support/databases.ts";

const inputs: Fields = {
  clusterId,
  mysqlAuthPlugin: string({ oneOf: ["mysql_native_password", "caching_sha2_password"] }),
  name: name({ replaces: true, maxLength: 63 }),
  settings: list(
    object({
      acls: list(
        object({
          id: string({ computed: true }),
          permission: string({ required: true, oneOf: ["admin", "consume", "produce", "produceconsume"] }),
          topic: string({ required: true }),
        }),
        { wire: "acl" },
      ),
      opensearchAcls: list(
        object({
          index: string({ required: true }),
          permission: string({ required: true, oneOf: ["deny", "admin", "read", "readwrite", "write"] }),
        }),
        { wire: "opensearch_acl" },
      ),
    }),
    { maxItems: 1 },
  ),
};

const makeId = (cluster: string, user: string) => `${cluster}/user/${user}`;

/** Settings are a list of at most one to the plugin, and an object to the API. */
function settings(news: PlainMap): PlainMap {
  const { settings: entries, mysql_auth_plugin: plugin } = pickWire(inputs, news, [
    "settings",
    "mysqlAuthPlugin",
  ]);
  const [first] = Array.isArray(entries) ? entries.filter(isPlainMap) : [];
  return {
    ...(first === undefined ? {} : { settings: first }),
    ...(plugin === undefined ? {} : { mysql_settings: { auth_plugin: plugin } }),
  };
}

function document(found: PlainMap, known: PlainMap): PlainMap {
  const mysql = isPlainMap(found.mysql_settings) ? found.mysql_settings : {};
  const { settings: told, ...rest } = found;
  return {
    ...rest,
    ...(known.settings !== undefined && isPlainMap(told) ? { settings: [told] } : {}),
    cluster_id: known.clusterId ?? "",
    mysql_auth_plugin: mysql.auth_plugin ?? null,
    // The API tells the password when it makes the user, and hides it in some answers afterwards.
    password: found.password || (known.password ?? null),
  };
}

/** A user of a database cluster, with a password that the cloud makes up. */
export const databaseUser: ResourceDefinition = {
  token: resourceToken("DatabaseUser"),
  noun: "a database user",
  inputs,
  outputs: {
    accessCert: string({ secret: true }),
    accessKey: string({ secret: true }),
    password: string({ secret: true }),
    role: string(),
  },
  operations: rest({
    inputs,
    path: (known) => clusterPath(known, "users"),
    one: "user",
    many: "users",
    id: (found, news) => makeId(String(news.clusterId), String(found.name)),
    segment: (_id, known) => String(known.name),
    body: (news) => ({ ...pickWire(inputs, news, ["name"]), ...settings(news) }),
    document,
    change: { method: "PUT", body: settings },
    importing: importingByName(makeId),
  }),
};
