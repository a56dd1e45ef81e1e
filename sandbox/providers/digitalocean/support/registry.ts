import { type Fields, integer, name, string } from "../dsl/fields.ts";
import { type Operation, type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { isPlainMap, type PlainMap } from "../dsl/wire.ts";
import { goTime } from "./time.ts";

/** Where images are pushed to and pulled from, for every account. */
const SERVER = "registry.digitalocean.com";

/** What tells the API's two ways to registries apart. */
export interface RegistryApi {
  /** Name of the resource type, without package and module. */
  readonly type: string;
  /** Where registries are made, and below which the account's subscription is. */
  readonly path: string;
  /** Where the registry of this name is read and deleted. */
  readonly pathOf: (id: string) => string;
}

const inputs: Fields = {
  name: name({
    replaces: true,
    maxLength: 63,
    pattern: [/^[a-z0-9-]+$/, "may hold lower-case letters, digits and dashes only"],
  }),
  region: string({ computed: true, replaces: true }),
  subscriptionTierSlug: string({ required: true, oneOf: ["starter", "basic", "professional"] }),
};

/** A registry of container images, whichever way the API is asked for it. */
export function registry({ type, path, pathOf }: RegistryApi): ResourceDefinition {
  /** The registry, or undefined when what stands at its path bears another name. */
  async function read(id: string, { api, signal }: Operation): Promise<PlainMap | undefined> {
    const found = (await api.find(pathOf(id), signal))?.registry;
    if (!isPlainMap(found) || found.name !== id) return undefined;
    const { subscription } = await api.get(`${path}/subscription`, signal);
    const tier = isPlainMap(subscription) && isPlainMap(subscription.tier) ? subscription.tier : {};
    return {
      ...found,
      created_at: goTime(found.created_at),
      subscription_tier_slug: tier.slug ?? null,
      server_url: SERVER,
      endpoint: `${SERVER}/${id}`,
    };
  }
  return {
    token: resourceToken(type),
    noun: "a container registry",
    inputs,
    single: true,
    outputs: { createdAt: string(), endpoint: string(), serverUrl: string(), storageUsageBytes: integer() },
    operations: {
      async create(news, operation) {
        const id = String(news.name);
        const body = {
          name: id,
          subscription_tier_slug: news.subscriptionTierSlug ?? "",
          ...(news.region === undefined ? {} : { region: news.region }),
        };
        const lookUp = (signal: AbortSignal) => operation.api.find(pathOf(id), signal);
        const answer = await operation.api.create(path, body, lookUp, operation.signal);
        return { id, document: isPlainMap(answer.registry) ? answer.registry : {} };
      },
      settle: async ({ id, document }, _news, operation) => (await read(id, operation)) ?? document,
      read: (id, _known, operation) => read(id, operation),
      async update(_id, news, _known, { api, signal }) {
        await api.post(`${path}/subscription`, { tier_slug: news.subscriptionTierSlug ?? "" }, signal);
      },
      async delete(id, _known, operation) {
        if ((await read(id, operation)) !== undefined)
          await operation.api.delete(pathOf(id), operation.signal);
      },
    },
  };
}
