import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Cloud } from "../../context.ts";
import { type Endpoint, endpoint } from "../../endpoint.ts";
import { conflict, found } from "../../errors.ts";
import { type GarbageCollection, garbageCollections, registryCollection } from "./model.ts";
import { active, collectDue } from "./settling.ts";

const types = {
  "untagged manifests only": { untaggedManifests: true, unreferencedBlobs: false },
  "unreferenced blobs only": { untaggedManifests: false, unreferencedBlobs: true },
  "untagged manifests and unreferenced blobs": { untaggedManifests: true, unreferencedBlobs: true },
} as const;
const typeNames = Object.keys(types) as (keyof typeof types)[];
const runBody = z.strictObject({ type: z.enum(typeNames).default("unreferenced blobs only") }).optional();

/** Garbage collections of registries, below `/v2/registry` or `/v2/registries`. */
export function garbageCollectionEndpoints(base: "/v2/registry" | "/v2/registries"): Endpoint[] {
  return [
    endpoint({
      method: "POST",
      path: `${base}/{registry_name}/garbage-collection`,
      body: runBody,
      handle: ({ cloud, params, body }) => {
        const { name } = found(registryCollection(cloud.store).get(params.registry_name));
        if (active(cloud, name) !== undefined) {
          throw conflict(`A garbage collection of the registry ${name} is under way already`);
        }
        const collection = {
          uuid: randomUUID(),
          registryName: name,
          createdAt: cloud.timestamp(),
          createdAtMs: cloud.now(),
          kinds: types[body?.type ?? "unreferenced blobs only"],
        };
        garbageCollections(cloud.store).put(collection.uuid, collection);
        return { garbage_collection: present(collection) };
      },
    }),
    endpoint({
      method: "GET",
      path: `${base}/{registry_name}/garbage-collection`,
      handle: ({ cloud, params }) => {
        const { name } = found(registryCollection(cloud.store).get(params.registry_name));
        return { garbage_collection: present(found(active(cloud, name))) };
      },
    }),
    endpoint({
      method: "GET",
      path: `${base}/{registry_name}/garbage-collections`,
      handle: ({ cloud, params, page }) => {
        const { name } = found(registryCollection(cloud.store).get(params.registry_name));
        const newestFirst = collectionsOf(cloud, name).reverse();
        return page(
          "garbage_collections",
          newestFirst.map((collection) => present(collection)),
        );
      },
    }),
    endpoint({
      method: "PUT",
      path: `${base}/{registry_name}/garbage-collection/{garbage_collection_uuid}`,
      body: z.strictObject({ cancel: z.boolean() }),
      handle: ({ cloud, params, body }) => {
        const collections = collectionsOf(cloud, params.registry_name);
        const collection = found(collections.find(({ uuid }) => uuid === params.garbage_collection_uuid));
        if (!body.cancel) return { garbage_collection: present(collection) };
        if (statusOf(collection) !== "requested") {
          throw conflict("Only a garbage collection that is under way can be cancelled");
        }
        const cancelled = { ...collection, cancelledAt: cloud.timestamp() };
        garbageCollections(cloud.store).put(cancelled.uuid, cancelled);
        return { garbage_collection: present(cancelled) };
      },
    }),
  ];
}

function collectionsOf(cloud: Cloud, registryName: string): GarbageCollection[] {
  collectDue(cloud, registryName);
  return garbageCollections(cloud.store)
    .list()
    .filter((collection) => collection.registryName === registryName);
}

function statusOf({ cancelledAt, freed }: GarbageCollection): string {
  if (cancelledAt !== undefined) return "cancelled";
  return freed === undefined ? "requested" : "succeeded";
}

function present(collection: GarbageCollection): object {
  return {
    uuid: collection.uuid,
    registry_name: collection.registryName,
    status: statusOf(collection),
    created_at: collection.createdAt,
    updated_at: collection.cancelledAt ?? collection.createdAt,
    blobs_deleted: collection.freed?.blobsDeleted ?? 0,
    freed_bytes: collection.freed?.freedBytes ?? 0,
  };
}
