import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Cloud } from "../../context.ts";
import { type Endpoint, endpoint } from "../../endpoint.ts";
import { conflict, found } from "../../errors.ts";
import { type GarbageCollection, garbageCollections, registryCollection } from "./model.ts";

/** Garbage collections of registries, below `/v2/registry` or `/v2/registries`. */
export function garbageCollectionEndpoints(base: "/v2/registry" | "/v2/registries"): Endpoint[] {
  return [
    endpoint({
      method: "POST",
      path: `${base}/{registry_name}/garbage-collection`,
      handle: ({ cloud, params }) => {
        const { name } = found(registryCollection(cloud.store).get(params.registry_name));
        if (active(cloud, name) !== undefined) {
          throw conflict(`A garbage collection of the registry ${name} is under way already`);
        }
        const collection = {
          uuid: randomUUID(),
          registryName: name,
          createdAt: cloud.timestamp(),
          createdAtMs: cloud.now(),
        };
        garbageCollections(cloud.store).put(collection.uuid, collection);
        return { garbage_collection: present(cloud, collection) };
      },
    }),
    endpoint({
      method: "GET",
      path: `${base}/{registry_name}/garbage-collection`,
      handle: ({ cloud, params }) => {
        const { name } = found(registryCollection(cloud.store).get(params.registry_name));
        return { garbage_collection: present(cloud, found(active(cloud, name))) };
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
          newestFirst.map((collection) => present(cloud, collection)),
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
        if (!body.cancel) return { garbage_collection: present(cloud, collection) };
        if (statusOf(cloud, collection) !== "requested") {
          throw conflict("Only a garbage collection that is under way can be cancelled");
        }
        const cancelled = { ...collection, cancelledAt: cloud.timestamp() };
        garbageCollections(cloud.store).put(cancelled.uuid, cancelled);
        return { garbage_collection: present(cloud, cancelled) };
      },
    }),
  ];
}

function collectionsOf(cloud: Cloud, registryName: string): GarbageCollection[] {
  return garbageCollections(cloud.store)
    .list()
    .filter((collection) => collection.registryName === registryName);
}

function active(cloud: Cloud, registryName: string): GarbageCollection | undefined {
  return collectionsOf(cloud, registryName).find((collection) => statusOf(cloud, collection) === "requested");
}

function statusOf(cloud: Cloud, collection: GarbageCollection): string {
  if (collection.cancelledAt !== undefined) return "cancelled";
  return cloud.settled(collection.createdAtMs) ? "succeeded" : "requested";
}

function present(cloud: Cloud, collection: GarbageCollection): object {
  return {
    uuid: collection.uuid,
    registry_name: collection.registryName,
    status: statusOf(cloud, collection),
    created_at: collection.createdAt,
    updated_at: collection.cancelledAt ?? collection.createdAt,
    blobs_deleted: 0,
    freed_bytes: 0,
  };
}
