import { type Fields, integer, name, string } from "../dsl/fields.ts";
import { type Operation, type Operations, type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { isPlainMap, type PlainMap } from "../dsl/wire.ts";
import { goTime } from "../support/time.ts";

/** Where images are pushed to and pulled from, for every account. */
const SERVER = "registry.digitalocean.com";

const inputs: Fields = {
  name: name({
    replaces: true,
    maxLength: 63,
    pattern: [/^[a-z0-9-]+$/, "may hold lower-case letters, digits and dashes only"],
  }),
  region: string({ computed: true, replaces: true }),
  subscriptionTierSlug: string({ required: true, oneOf: ["starter", "basic", "professional"] }),
};

/** An account has one registry: its path does not name it. */
async function read(id: string, { api, signal }: Operation): Promise<PlainMap | undefined> {
  const registry = (await api.find("/v2/registry", signal))?.registry;
  if (!isPlainMap(registry) || registry.name !== id) return undefined;
  const { subscription } = await api.get("/v2/registry/subscription", signal);
  const tier = isPlainMap(subscription) && isPlainMap(subscription.tier) ? subscription.tier : {};
  return {
    ...registry,
    created_at: goTime(registry.created_at),
    subscription_tier_slug: tier.slug ?? null,
    server_url: SERVER,
    endpoint: `${SERVER}/${id}`,
  };
}

const operations: Operations = {
  async create(news, operation) {
    const body = {
      name: news.name ?? "",
      subscription_tier_slug: news.subscriptionTierSlug ?? "",
      ...(news.region === undefined ? {} : { region: news.region }),
    };
    const lookUp = (signal: AbortSignal) => operation.api.find("/v2/registry", signal);
    const answer = await operation.api.create("/v2/registry", body, lookUp, operation.signal);
    return { id: String(news.name), document: isPlainMap(answer.registry) ? answer.registry : {} };
  },
  settle: async ({ id, document }, _news, operation) => (await read(id, operation)) ?? document,
  read: (id, _known, operation) => read(id, operation),
  async update(_id, news, _known, { api, signal }) {
    await api.post("/v2/registry/subscription", { tier_slug: news.subscriptionTierSlug ?? "" }, signal);
  },
  async delete(id, _known, operation) {
    if ((await read(id, operation)) !== undefined)
      await operation.api.delete("/v2/registry", operation.signal);
  },
};

/** The account's registry of container images. */
export const containerRegistry: ResourceDefinition = {
  token: resourceToken("ContainerRegistry"),
  noun: "a container registry",
  inputs,
  single: true,
  outputs: { createdAt: string(), endpoint: string(), serverUrl: string(), storageUsageBytes: integer() },
  operations,
};
