import { registryTiers } from "../../../../catalog/prices.ts";
import type { Freed, GarbageKinds } from "../../../registry/garbage.ts";
import type { Store } from "../../../store/store.ts";
import type { Cloud } from "../../context.ts";

export type TierSlug = keyof typeof registryTiers;

/** A container registry; what it holds is in `sandbox/registry/`. */
export interface Registry {
  readonly name: string;
  readonly region: string;
  readonly createdAt: string;
}

/** The account's one subscription, which all its registries share. */
export interface Subscription {
  readonly tier: TierSlug;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface GarbageCollection {
  readonly uuid: string;
  readonly registryName: string;
  readonly createdAt: string;
  readonly createdAtMs: number;
  readonly kinds: GarbageKinds;
  /** When it was cancelled, if it was. */
  readonly cancelledAt?: string;
  /** What came of it, once its time had come. */
  readonly freed?: Freed;
}

/** Regions with container registries. */
export const registryRegions = ["nyc3", "sfo3", "sfo2", "ams3", "sgp1", "fra1", "blr1", "syd1"] as const;
export const tierSlugs = Object.keys(registryTiers) as TierSlug[];

const gibibyte = 1024 ** 3;
/** DigitalOcean counts "any number" of repositories as 0. */
const unlimited = 0;

export const registryCollection = (store: Store) => store.collection<Registry>("registries");
export const garbageCollections = (store: Store) =>
  store.collection<GarbageCollection>("registry_garbage_collections");
const subscriptions = (store: Store) => store.collection<Subscription>("registry_subscription");

/** The account's subscription; undefined before the first registry. */
export function findSubscription(store: Store): Subscription | undefined {
  return subscriptions(store).get("account");
}

/** Subscribes the account to a tier. */
export function subscribe(cloud: Cloud, tier: TierSlug): Subscription {
  const at = cloud.timestamp();
  const subscription = { tier, createdAt: findSubscription(cloud.store)?.createdAt ?? at, updatedAt: at };
  subscriptions(cloud.store).put("account", subscription);
  return subscription;
}

/** Ends the subscription, with the last registry. */
export function unsubscribe(store: Store): void {
  subscriptions(store).delete("account");
}

/** How many registries an account on this tier may have. */
export function registryLimit(tier: TierSlug): number {
  return tier === "starter" ? 1 : 10;
}

export function presentTier(slug: TierSlug) {
  const tier = registryTiers[slug];
  const storageBytes = tier.storageGib * gibibyte;
  return {
    name: slug.charAt(0).toUpperCase() + slug.slice(1),
    slug,
    included_repositories: Number.isFinite(tier.repositories) ? tier.repositories : unlimited,
    included_storage_bytes: storageBytes,
    allow_storage_overage: slug !== "starter",
    included_bandwidth_bytes: storageBytes,
    monthly_price_in_cents: tier.price.usd * 100,
    storage_overage_price_in_cents: slug === "starter" ? 0 : 2,
  };
}

export function presentSubscription(subscription: Subscription) {
  return {
    tier: presentTier(subscription.tier),
    created_at: subscription.createdAt,
    updated_at: subscription.updatedAt,
  };
}

export function presentRegistry({ registries }: Pick<Cloud, "registries">, registry: Registry) {
  return {
    name: registry.name,
    created_at: registry.createdAt,
    region: registry.region,
    storage_usage_bytes: registries.contents.usedBytes(registry.name),
    storage_usage_bytes_updated_at: registry.createdAt,
  };
}
