import { type CheckFailure, isPropertyMap, type PropertyMap, unwrap } from "../../kit/index.ts";
import { type Fields, object, set, string } from "../dsl/fields.ts";
import { type Operation, type Operations, type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { addressOrCidr } from "../dsl/values.ts";
import { isPlainMap, type PlainMap } from "../dsl/wire.ts";
import { clusterId, clusterPath } from "../support/databases.ts";
import { uniqueId } from "../support/unique-id.ts";

const inputs: Fields = {
  clusterId,
  rules: set(
    object({
      createdAt: string({ computed: true }),
      type: string({ required: true, oneOf: ["droplet", "k8s", "ip_addr", "tag", "app"] }),
      uuid: string({ computed: true }),
      value: string({ required: true, minLength: 1 }),
    }),
    { required: true, minItems: 1, maxItems: 100 },
  ),
};

async function replaceRules(known: PlainMap, rules: PlainMap[], { api, signal }: Operation): Promise<void> {
  await api.put(clusterPath(known, "firewall"), { rules }, signal);
}

const wanted = (news: PlainMap): PlainMap[] =>
  (Array.isArray(news.rules) ? news.rules.filter(isPlainMap) : []).map(({ type = "", value = "" }) => ({
    type,
    value,
  }));

async function read(known: PlainMap, { api, signal }: Operation): Promise<PlainMap | undefined> {
  const found = await api.find(clusterPath(known, "firewall"), signal);
  const rules = found?.rules;
  if (!Array.isArray(rules) || rules.length === 0) return undefined;
  return { cluster_id: known.clusterId ?? "", rules };
}

const operations: Operations = {
  async create(news, operation) {
    await replaceRules(news, wanted(news), operation);
    return { id: uniqueId(`${String(news.clusterId)}-`), document: (await read(news, operation)) ?? {} };
  },
  read: (_id, known, operation) => read(known, operation),
  async update(_id, news, known, operation) {
    await replaceRules(known, wanted(news), operation);
    return undefined;
  },
  async delete(_id, known, operation) {
    if ((await read(known, operation)) !== undefined) await replaceRules(known, [], operation);
  },
  importing: (cluster) => ({ id: uniqueId(`${cluster}-`), known: { clusterId: cluster } }),
};

function addressRules(checked: PropertyMap): CheckFailure[] {
  const said = unwrap(checked.rules);
  return (Array.isArray(said) ? said : []).flatMap((entry, index): CheckFailure[] => {
    const rule = unwrap(entry);
    if (!isPropertyMap(rule) || unwrap(rule.type) !== "ip_addr") return [];
    const value = unwrap(rule.value);
    const reason = typeof value === "string" ? addressOrCidr(value) : undefined;
    return reason === undefined ? [] : [{ path: ["rules", index, "value"], reason }];
  });
}

/** Who may reach a database cluster. A cluster without one is open to the internet. */
export const databaseFirewall: ResourceDefinition = {
  token: resourceToken("DatabaseFirewall"),
  noun: "a database firewall",
  inputs,
  rules: addressRules,
  single: true,
  outputs: {},
  operations,
};
