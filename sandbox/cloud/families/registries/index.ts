import { z } from "zod";
import { registryService } from "../../../registry/authorization.ts";
import type { Grant } from "../../../registry/credentials.ts";
import type { Cloud } from "../../context.ts";
import { type Endpoint, endpoint } from "../../endpoint.ts";
import { conflict, found, refuseIfAny, unprocessable } from "../../errors.ts";
import type { Family } from "../../family.ts";
import { garbageCollectionEndpoints } from "./garbage-collections.ts";
import {
  findSubscription,
  garbageCollections,
  presentRegistry,
  presentSubscription,
  presentTier,
  type Registry,
  registryCollection,
  registryLimit,
  registryRegions,
  subscribe,
  tierSlugs,
  unsubscribe,
} from "./model.ts";
import { repositoryEndpoints } from "./repositories.ts";

const defaultRegion = "nyc3";

const registryName = z
  .string()
  .regex(/^[a-z0-9-]{1,63}$/, "has 1 to 63 lower-case letters, digits and hyphens");
const createBody = z.strictObject({
  name: registryName,
  subscription_tier_slug: z.enum(tierSlugs).optional(),
  region: z.enum(registryRegions).default(defaultRegion),
});
const credentialsQuery = z.object({
  expiry_seconds: z.coerce.number().int().min(0).default(0),
  read_write: z.stringbool().default(false),
});

/** The form for accounts with one registry: its name stands in no path. */
const single: Endpoint[] = [
  endpoint({
    method: "GET",
    path: "/v2/registry",
    handle: ({ cloud }) => ({ registry: presentWithSubscription(cloud, only(cloud)) }),
  }),
  endpoint({
    method: "POST",
    path: "/v2/registry",
    body: createBody.required({ subscription_tier_slug: true }),
    handle: ({ cloud, body }) => ({ registry: presentWithSubscription(cloud, create(cloud, body)) }),
  }),
  endpoint({
    method: "DELETE",
    path: "/v2/registry",
    handle: ({ cloud }) => remove(cloud, only(cloud).name),
  }),
  endpoint({
    method: "GET",
    path: "/v2/registry/docker-credentials",
    query: credentialsQuery,
    handle: ({ cloud, query }) => {
      only(cloud);
      return dockerCredentials(cloud, { readWrite: query.read_write }, query.expiry_seconds);
    },
  }),
];

/** The form with names. */
const named: Endpoint[] = [
  endpoint({
    method: "GET",
    path: "/v2/registries",
    handle: ({ cloud }) => ({
      registries: registryCollection(cloud.store)
        .list()
        .map((registry) => presentWithSubscription(cloud, registry)),
    }),
  }),
  endpoint({
    method: "POST",
    path: "/v2/registries",
    body: createBody,
    handle: ({ cloud, body }) => ({ registry: presentRegistry(cloud, create(cloud, body)) }),
  }),
  endpoint({
    method: "GET",
    path: "/v2/registries/{registry_name}",
    handle: ({ cloud, params }) => ({
      registry: presentRegistry(cloud, found(registryCollection(cloud.store).get(params.registry_name))),
    }),
  }),
  endpoint({
    method: "DELETE",
    path: "/v2/registries/{registry_name}",
    handle: ({ cloud, params }) => remove(cloud, params.registry_name),
  }),
  endpoint({
    method: "GET",
    path: "/v2/registries/{registry_name}/docker-credentials",
    query: credentialsQuery,
    handle: ({ cloud, params, query }) => {
      const { name: registry } = found(registryCollection(cloud.store).get(params.registry_name));
      return dockerCredentials(cloud, { registry, readWrite: query.read_write }, query.expiry_seconds);
    },
  }),
];

/** What both forms have alike. */
function sharedEndpoints(base: "/v2/registry" | "/v2/registries"): Endpoint[] {
  return [
    endpoint({
      method: "GET",
      path: `${base}/options`,
      handle: () => ({
        options: {
          available_regions: registryRegions,
          subscription_tiers: tierSlugs.map((slug) => ({
            ...presentTier(slug),
            eligible: true,
            eligibility_reasons: [],
          })),
        },
      }),
    }),
    endpoint({
      method: "GET",
      path: `${base}/subscription`,
      handle: ({ cloud }) => ({ subscription: presentSubscription(found(findSubscription(cloud.store))) }),
    }),
    endpoint({
      method: "POST",
      path: `${base}/subscription`,
      status: 200,
      body: z.strictObject({ tier_slug: z.enum(tierSlugs) }),
      handle: ({ cloud, body }) => {
        const count = registryCollection(cloud.store).list().length;
        if (count > registryLimit(body.tier_slug)) {
          throw unprocessable(
            `tier_slug: the account has ${count} registries, too many for ${body.tier_slug}`,
          );
        }
        return { subscription: presentSubscription(subscribe(cloud, body.tier_slug)) };
      },
    }),
    endpoint({
      method: "POST",
      path: `${base}/validate-name`,
      status: 204,
      body: z.strictObject({ name: registryName }),
      handle: ({ cloud, body }) => {
        if (registryCollection(cloud.store).get(body.name) !== undefined) throw taken(body.name);
      },
    }),
    ...repositoryEndpoints(base),
    ...garbageCollectionEndpoints(base),
  ];
}

function create(cloud: Cloud, body: z.output<typeof createBody>): Registry {
  const registries = registryCollection(cloud.store);
  if (registries.get(body.name) !== undefined) throw taken(body.name);
  const current = findSubscription(cloud.store);
  const tier = body.subscription_tier_slug ?? current?.tier;
  refuseIfAny(
    tier === undefined ? "subscription_tier_slug: the account's first registry needs one" : undefined,
    current !== undefined && current.tier !== tier
      ? `subscription_tier_slug: all registries share the account's subscription, which is ${current.tier}`
      : undefined,
    tier !== undefined && registries.list().length >= registryLimit(tier)
      ? `name: an account on the tier ${tier} has at most ${registryLimit(tier)} registries`
      : undefined,
  );
  if (current === undefined && tier !== undefined) subscribe(cloud, tier);
  const registry = { name: body.name, region: body.region, createdAt: cloud.timestamp() };
  registries.put(registry.name, registry);
  return registry;
}

async function remove(cloud: Cloud, name: string): Promise<void> {
  found(registryCollection(cloud.store).get(name));
  for (const collection of garbageCollections(cloud.store).list()) {
    if (collection.registryName === name) garbageCollections(cloud.store).delete(collection.uuid);
  }
  registryCollection(cloud.store).delete(name);
  const isLast = registryCollection(cloud.store).list().length === 0;
  cloud.registries.credentials.forget(name, isLast);
  cloud.registries.contents.removeRegistry(name);
  if (isLast) unsubscribe(cloud.store);
  await cloud.forget({ kind: "registries", id: name });
}

function only(cloud: Cloud): Registry {
  return found(registryCollection(cloud.store).list()[0]);
}

/** For the real registry's name, which is what a program knows, and for where Docker finds this one. */
function dockerCredentials({ registries }: Cloud, grant: Grant, expirySeconds: number): object {
  const token = registries.credentials.issue(grant, expirySeconds);
  const auth = Buffer.from(`${token}:${token}`).toString("base64");
  return { auths: { [registryService]: { auth }, [registries.address()]: { auth } } };
}

function presentWithSubscription(cloud: Cloud, registry: Registry): object {
  const subscription = findSubscription(cloud.store);
  return {
    ...presentRegistry(cloud, registry),
    ...(subscription && { subscription: presentSubscription(subscription) }),
  };
}

function taken(name: string) {
  return conflict(`name: the registry name ${name} is taken`);
}

/** Container registries. */
export const registries: Family = {
  name: "registries",
  endpoints: [...single, ...named, ...sharedEndpoints("/v2/registry"), ...sharedEndpoints("/v2/registries")],
  resources: (store) =>
    registryCollection(store)
      .list()
      .map(({ name, createdAt }) => ({ kind: "registries", id: name, name, createdAt })),
};
