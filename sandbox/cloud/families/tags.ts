import { z } from "zod";
import type { Store } from "../../store/store.ts";
import type { Cloud } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { found, notFound, unprocessable } from "../errors.ts";
import type { CloudResource, Family } from "../family.ts";
import { tagName } from "../fields.ts";

interface Tag {
  readonly name: string;
  readonly createdAt: string;
  /** Whether it only came along with something that bears it. */
  readonly implicit?: boolean;
}

const collection = (store: Store) => store.collection<Tag>("tags");

/** Names of a tag's lists in the answer, and where one of their things is read. */
const countedKinds: Readonly<Record<string, string>> = {
  droplets: "droplets",
  images: "images",
  volumes: "volumes",
  volume_snapshots: "snapshots",
  databases: "databases",
};

/** What can be tagged through `/v2/tags/{tag}/resources`, by the name it has there. */
const kindOfType: Readonly<Record<string, string>> = {
  droplet: "droplets",
  image: "images",
  volume: "volumes",
  volume_snapshot: "volume_snapshots",
  database: "databases",
};

const createTag = z.strictObject({ name: tagName, resources: z.unknown().optional() });

const taggedResources = z.strictObject({
  resources: z
    .array(
      z.strictObject({
        resource_id: z.union([z.string(), z.number()]).transform(String),
        resource_type: z.enum(["droplet", "image", "volume", "volume_snapshot", "database"]),
      }),
    )
    .min(1),
});

/** Makes the tags that do not exist yet. Called by every family that takes `tags`. */
export function ensureTags(cloud: Cloud, names: readonly string[]): void {
  for (const name of names) {
    if (collection(cloud.store).get(name) === undefined) {
      collection(cloud.store).put(name, { name, createdAt: cloud.timestamp(), implicit: true });
    }
  }
}

/** What is wrong with naming tags that have to exist, if anything. */
export function missingTagsProblem(
  cloud: Cloud,
  names: readonly string[],
  field = "tags",
): string | undefined {
  const missing = names.filter((name) => collection(cloud.store).get(name) === undefined);
  return missing.length === 0
    ? undefined
    : `${field}: there is no tag ${missing.join(", ")}; create it first`;
}

function present(cloud: Cloud, tag: Tag): object {
  const tagged = cloud.resources().filter((resource) => resource.tags?.includes(tag.name));
  const countOf = (resources: readonly CloudResource[]) => {
    const last = resources.at(-1);
    const path = last === undefined ? undefined : `/v2/${countedKinds[last.kind]}/${last.id}`;
    return {
      count: resources.length,
      ...(path !== undefined && { last_tagged_uri: `https://api.digitalocean.com${path}` }),
    };
  };
  const counted = Object.keys(countedKinds).map(
    (kind) => [kind, countOf(tagged.filter((resource) => resource.kind === kind))] as const,
  );
  const total = countOf(tagged.filter((resource) => countedKinds[resource.kind] !== undefined));
  return { name: tag.name, resources: { ...total, ...Object.fromEntries(counted) } };
}

const list = endpoint({
  method: "GET",
  path: "/v2/tags",
  handle: ({ cloud, page }) =>
    page(
      "tags",
      collection(cloud.store)
        .list()
        .map((tag) => present(cloud, tag)),
    ),
});

const create = endpoint({
  method: "POST",
  path: "/v2/tags",
  body: createTag,
  handle: ({ cloud, body }) => {
    const tag = { name: body.name, createdAt: cloud.timestamp(), ...collection(cloud.store).get(body.name) };
    collection(cloud.store).put(tag.name, { ...tag, implicit: false });
    return { tag: present(cloud, tag) };
  },
});

const read = endpoint({
  method: "GET",
  path: "/v2/tags/{tag_id}",
  handle: ({ cloud, params }) => ({ tag: present(cloud, found(collection(cloud.store).get(params.tag_id))) }),
});

const remove = endpoint({
  method: "DELETE",
  path: "/v2/tags/{tag_id}",
  handle: async ({ cloud, params }) => {
    if (!collection(cloud.store).delete(params.tag_id)) throw notFound();
    for (const resource of cloud.resources()) {
      if (resource.tags?.includes(params.tag_id)) cloud.retag(resource, params.tag_id, "remove");
    }
    await cloud.forget({ kind: "tags", id: params.tag_id });
  },
});

const assign = endpoint({
  method: "POST",
  path: "/v2/tags/{tag_id}/resources",
  status: 204,
  body: taggedResources,
  handle: ({ cloud, params, body }) => change(cloud, params.tag_id, body, "add"),
});

const unassign = endpoint({
  method: "DELETE",
  path: "/v2/tags/{tag_id}/resources",
  body: taggedResources,
  handle: ({ cloud, params, body }) => change(cloud, params.tag_id, body, "remove"),
});

function change(
  cloud: Cloud,
  tag: string,
  body: z.output<typeof taggedResources>,
  direction: "add" | "remove",
): void {
  found(collection(cloud.store).get(tag));
  const things = body.resources.map((resource) => ({
    kind: kindOfType[resource.resource_type] ?? resource.resource_type,
    id: resource.resource_id,
  }));
  const known = cloud.resources();
  const missing = things.filter(
    (thing) => !known.some((resource) => resource.kind === thing.kind && resource.id === thing.id),
  );
  if (missing.length > 0) {
    throw unprocessable(
      ...missing.map((thing) => `resources: there is no ${thing.id} among the ${thing.kind}`),
    );
  }
  for (const thing of things) cloud.retag(thing, tag, direction);
}

/** Tags, and what bears them. */
export const tags: Family = {
  name: "tags",
  endpoints: [list, create, read, remove, assign, unassign],
  resources: (store) =>
    collection(store)
      .list()
      .map(({ name, createdAt, implicit = false }) => ({
        kind: "tags",
        id: name,
        name,
        createdAt,
        permanent: implicit,
      })),
};
