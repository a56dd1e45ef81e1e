import { isDeepStrictEqual } from "node:util";
import { type CheckFailure, type PropertyMap, unwrap } from "../../kit/index.ts";
import { boolean, type Fields, integer, list, name, object, string, tags } from "../dsl/fields.ts";
import { type Operation, type Operations, type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { pickWire, rest, untilReady, whenStatus } from "../dsl/rest.ts";
import { uuid } from "../dsl/values.ts";
import { isPlainMap, type PlainMap } from "../dsl/wire.ts";
import { databaseDocument } from "../support/databases.ts";
import { setTags } from "../support/tagging.ts";

const EVICTION_POLICIES = [
  ...["noeviction", "allkeys_lru", "allkeys_random", "volatile_lru", "volatile_random", "volatile_ttl"],
] as const;
const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

/** `4:00`, `04:00` and `04:00:00` are the same hour. */
const sameHour = (one: unknown, other: unknown) => {
  const [first, second] = [one, other].map((time) => String(time).split(":").slice(0, 2).map(Number));
  return isDeepStrictEqual(first, second);
};

const inputs: Fields = {
  backupRestore: object(
    { backupCreatedAt: string(), databaseName: string({ required: true }) },
    { wire: "backup_restore" },
  ),
  engine: string({
    required: true,
    replaces: true,
    oneOf: ["pg", "mysql", "redis", "valkey", "mongodb", "kafka", "opensearch"],
  }),
  evictionPolicy: string({ oneOf: EVICTION_POLICIES }),
  maintenanceWindows: list(
    object({
      day: string({ required: true, oneOf: DAYS }),
      hour: string({
        required: true,
        same: sameHour,
        pattern: [/^\d{1,2}:\d{2}(:\d{2})?$/, 'is no time of day like "04:00"'],
      }),
    }),
    { minItems: 1, maxItems: 1 },
  ),
  name: name({
    replaces: true,
    minLength: 3,
    maxLength: 63,
    pattern: [/^[a-z][a-z0-9-]*$/, "must begin with a lower-case letter, then hold those, digits and dashes"],
  }),
  nodeCount: integer({ required: true, min: 1, wire: "num_nodes" }),
  privateNetworkUuid: string({ computed: true, replaces: true, rules: [uuid] }),
  projectId: string({ computed: true, replaces: true, rules: [uuid] }),
  region: string({ required: true, offer: "regions" }),
  size: string({
    required: true,
    pattern: [/^(db|gd|m|so1_5|so)[\w-]*-/, "is no size of a database: they begin with db-, gd-, m- or so"],
  }),
  sqlMode: string(),
  storageAutoscale: object({
    enabled: boolean({ required: true }),
    incrementGib: integer({ min: 10, max: 500 }),
    thresholdPercent: integer({ min: 15, max: 95 }),
  }),
  storageSizeMib: string({ computed: true, pattern: [/^\d+$/, "must be a number of MiB"] }),
  tags: tags(),
  version: string(),
};

const CREATED_WITH = [
  ...["name", "engine", "version", "size", "region", "nodeCount", "tags", "privateNetworkUuid", "projectId"],
  "backupRestore",
];

const storage = (news: PlainMap): PlainMap =>
  news.storageSizeMib === undefined ? {} : { storage_size_mib: Number(news.storageSizeMib) };

const collection = rest({
  inputs,
  path: "/v2/databases",
  one: "database",
  many: "databases",
  body: (news) => ({ ...pickWire(inputs, news, CREATED_WITH), ...storage(news) }),
  document: databaseDocument,
  ready: whenStatus("online"),
  goesSlowly: true,
});

const path = (id: string) => `/v2/databases/${id}`;

async function read(id: string, known: PlainMap, operation: Operation): Promise<PlainMap | undefined> {
  const found = await collection.read(id, known, operation);
  if (found === undefined) return undefined;
  const { api, signal } = operation;
  const asked: PlainMap = {};
  // The vendor records an empty one for an engine that has none, and the API refuses to be asked for it.
  if (known.evictionPolicy) {
    asked.eviction_policy = (await api.get(`${path(id)}/eviction_policy`, signal)).eviction_policy ?? null;
  }
  if (known.sqlMode) {
    asked.sql_mode = (await api.get(`${path(id)}/sql_mode`, signal)).sql_mode ?? null;
  }
  return { ...found, ...asked };
}

/** The settings that have calls of their own. Each may be sent again. */
async function configure(
  id: string,
  news: PlainMap,
  known: PlainMap,
  { api, signal }: Operation,
): Promise<void> {
  const changed = (property: string) =>
    news[property] !== undefined && !isDeepStrictEqual(news[property], known[property]);
  const [window] = Array.isArray(news.maintenanceWindows) ? news.maintenanceWindows.filter(isPlainMap) : [];
  if (changed("maintenanceWindows") && window !== undefined)
    await api.put(`${path(id)}/maintenance`, window, signal);
  if (changed("evictionPolicy")) {
    await api.put(`${path(id)}/eviction_policy`, { eviction_policy: news.evictionPolicy ?? "" }, signal);
  }
  if (changed("sqlMode")) await api.put(`${path(id)}/sql_mode`, { sql_mode: news.sqlMode ?? "" }, signal);
  if (changed("storageAutoscale")) {
    const autoscale = pickWire(inputs, news, ["storageAutoscale"]).storage_autoscale ?? {};
    await api.put(`${path(id)}/autoscale`, { storage: autoscale }, signal);
  }
}

const settled = (id: string, known: PlainMap, operation: Operation) =>
  untilReady(`database ${id}`, () => read(id, known, operation), whenStatus("online"), operation);

const operations: Operations = {
  create: collection.create,
  async settle({ id }, news, operation) {
    await settled(id, {}, operation);
    await configure(id, news, {}, operation);
    return settled(id, news, operation);
  },
  read,
  async update(id, news, known, operation) {
    const { api, signal } = operation;
    const changed = (...properties: readonly string[]) =>
      properties.some((property) => news[property] !== undefined && news[property] !== known[property]);
    if (changed("size", "nodeCount", "storageSizeMib")) {
      const wanted = { ...pickWire(inputs, news, ["size", "nodeCount"]), ...storage(news) };
      await api.put(`${path(id)}/resize`, wanted, signal);
      await settled(id, known, operation);
    }
    if (changed("region")) {
      await api.put(`${path(id)}/migrate`, { region: news.region ?? "" }, signal);
      await settled(id, known, operation);
    }
    if (changed("version")) await api.put(`${path(id)}/upgrade`, { version: news.version ?? "" }, signal);
    await configure(id, news, known, operation);
    await setTags("database", id, { before: known.tags, after: news.tags }, operation);
    const after = await settled(id, { ...known, ...news }, operation);
    if (changed("version") && after.version !== news.version) {
      throw new Error(
        `The database cluster ${id} is online again, and still of version ${after.version}, not ${news.version}: its upgrade failed. In the sandbox, \`platform sandbox status\` says why.`,
      );
    }
    return after;
  },
  delete: collection.delete,
};

/** Some settings belong to some engines. */
function rules(checked: PropertyMap): CheckFailure[] {
  const engine = unwrap(checked.engine);
  const failures: CheckFailure[] = [];
  if (typeof engine !== "string") return failures;
  if (checked.evictionPolicy !== undefined && engine !== "redis" && engine !== "valkey") {
    failures.push({
      path: ["evictionPolicy"],
      reason: `has no meaning for ${engine}: it is for valkey and redis`,
    });
  }
  if (checked.sqlMode !== undefined && engine !== "mysql") {
    failures.push({ path: ["sqlMode"], reason: `has no meaning for ${engine}: it is for mysql` });
  }
  if (checked.version === undefined) {
    failures.push({ path: ["version"], reason: `is required: say which version of ${engine}` });
  }
  return failures;
}

/** A managed database. */
export const databaseCluster: ResourceDefinition = {
  token: resourceToken("DatabaseCluster"),
  noun: "a database cluster",
  inputs,
  rules,
  timeoutMs: 30 * 60 * 1000,
  outputs: {
    clusterUrn: string({ wire: "urn" }),
    database: string(),
    host: string(),
    metricsEndpoints: list(string()),
    password: string({ secret: true }),
    port: integer(),
    privateHost: string(),
    privateUri: string({ secret: true }),
    uiDatabase: string(),
    uiHost: string(),
    uiPassword: string({ secret: true }),
    uiPort: integer(),
    uiUri: string({ secret: true }),
    uiUser: string(),
    uri: string({ secret: true }),
    user: string(),
  },
  operations,
};
