import { collectGarbage } from "../../../registry/garbage.ts";
import type { FindRules } from "../../../registry/rules.ts";
import type { Cloud } from "../../context.ts";
import {
  findSubscription,
  type GarbageCollection,
  garbageCollections,
  presentTier,
  registryCollection,
} from "./model.ts";

/** What is needed to see how far a registry's garbage collections are. */
type Clock = Pick<Cloud, "store" | "settled" | "registries">;

/** Carries out the garbage collections of a registry whose time has come, whoever looks at it first. */
export function collectDue({ store, settled, registries }: Clock, registryName: string): void {
  for (const collection of garbageCollections(store).list()) {
    if (collection.registryName !== registryName || !isPending(collection)) continue;
    if (!settled(collection.createdAtMs)) continue;
    const freed = collectGarbage(registries.contents, registryName, collection.kinds);
    garbageCollections(store).put(collection.uuid, { ...collection, freed });
  }
}

/** The garbage collection that is under way in a registry. */
export function active(clock: Clock, registryName: string): GarbageCollection | undefined {
  collectDue(clock, registryName);
  return garbageCollections(clock.store)
    .list()
    .find((collection) => collection.registryName === registryName && isPending(collection));
}

const isPending = ({ cancelledAt, freed }: GarbageCollection) =>
  cancelledAt === undefined && freed === undefined;

/** What the account's plan and the state of its registries allow, for the registry's own server. */
export const registryRules =
  (clock: Clock): FindRules =>
  (name) => {
    const tier = findSubscription(clock.store)?.tier;
    if (tier === undefined || registryCollection(clock.store).get(name) === undefined) return undefined;
    const { included_repositories, included_storage_bytes, allow_storage_overage } = presentTier(tier);
    return {
      readOnly: active(clock, name) !== undefined,
      repositoryLimit: included_repositories === 0 ? Number.POSITIVE_INFINITY : included_repositories,
      storageLimitBytes: allow_storage_overage ? Number.POSITIVE_INFINITY : included_storage_bytes,
    };
  };
