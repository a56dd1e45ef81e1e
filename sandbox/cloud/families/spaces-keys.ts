import { z } from "zod";
import { bucketCollection, keyCollection } from "../../spaces/admin.ts";
import type { SpacesKey } from "../../spaces/model.ts";
import type { Cloud } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { found, notFound, refuseIfAny } from "../errors.ts";
import type { Family } from "../family.ts";
import { listOf } from "../fields.ts";

const grant = z.strictObject({
  bucket: z.string(),
  permission: z.enum(["read", "readwrite", "fullaccess"]),
});
const keyBody = z.strictObject({ name: z.string().min(1).max(255), grants: listOf(grant) });
const patchBody = z.strictObject({
  name: z.string().min(1).max(255).optional(),
  grants: z.array(grant).optional(),
});
const sortable = { name: "name", created_at: "createdAt" } as const;

const list = endpoint({
  method: "GET",
  path: "/v2/spaces/keys",
  query: z.object({
    sort: z.enum(["created_at", "name"]).default("created_at"),
    sort_direction: z.enum(["asc", "desc"]).default("desc"),
    name: z.string().optional(),
    bucket: z.string().optional(),
    permission: z.string().optional(),
  }),
  handle: ({ cloud, query, page }) => {
    const field = sortable[query.sort];
    const sign = query.sort_direction === "asc" ? 1 : -1;
    const keys = cloud.spaces.keys
      .list()
      .filter((key) => query.name === undefined || key.name === query.name)
      .filter((key) => query.bucket === undefined || key.grants.some(({ bucket }) => bucket === query.bucket))
      .filter(
        (key) =>
          query.permission === undefined ||
          key.grants.some(({ permission }) => permission === query.permission),
      )
      .sort((a, b) => sign * a[field].localeCompare(b[field]));
    return page("keys", keys.map(present));
  },
});

const create = endpoint({
  method: "POST",
  path: "/v2/spaces/keys",
  body: keyBody,
  handle: ({ cloud, body }) => {
    refuseGrants(cloud, body.grants);
    const key = cloud.spaces.keys.create(body.name, body.grants, new Date(cloud.now()));
    // The secret is shown this once.
    return { key: { ...present(key), secret_key: key.secretKey } };
  },
});

const read = endpoint({
  method: "GET",
  path: "/v2/spaces/keys/{access_key}",
  handle: ({ cloud, params }) => ({ key: present(found(cloud.spaces.keys.find(params.access_key))) }),
});

const replace = endpoint({
  method: "PUT",
  path: "/v2/spaces/keys/{access_key}",
  body: keyBody,
  handle: ({ cloud, params, body }) => ({ key: update(cloud, params.access_key, body) }),
});

const patch = endpoint({
  method: "PATCH",
  path: "/v2/spaces/keys/{access_key}",
  body: patchBody,
  handle: ({ cloud, params, body }) => ({ key: update(cloud, params.access_key, body) }),
});

const remove = endpoint({
  method: "DELETE",
  path: "/v2/spaces/keys/{access_key}",
  handle: ({ cloud, params }) => {
    if (!cloud.spaces.keys.delete(params.access_key)) throw notFound();
  },
});

function update(cloud: Cloud, accessKey: string, body: z.output<typeof patchBody>): object {
  found(cloud.spaces.keys.find(accessKey));
  refuseGrants(cloud, body.grants ?? []);
  const { name, grants } = body;
  const changes = { ...(name === undefined ? {} : { name }), ...(grants === undefined ? {} : { grants }) };
  return present(found(cloud.spaces.keys.update(accessKey, changes)));
}

function refuseGrants(cloud: Cloud, grants: readonly z.output<typeof grant>[]): void {
  const scoped = grants.filter(({ permission }) => permission !== "fullaccess");
  refuseIfAny(
    scoped.length > 0 && scoped.length < grants.length
      ? "grants: fullaccess cannot be mixed with permissions on single buckets"
      : undefined,
    ...grants.map(({ bucket, permission }, index) => {
      const place = `grants.${index}.bucket`;
      if (permission === "fullaccess") {
        return bucket === "" ? undefined : `${place}: fullaccess is for all buckets, leave the bucket empty`;
      }
      if (bucket === "") return `${place}: ${permission} needs a bucket`;
      return cloud.spaces.findBucket(bucket) === undefined
        ? `${place}: there is no bucket ${bucket}`
        : undefined;
    }),
  );
}

function present(key: SpacesKey) {
  return {
    name: key.name,
    grants: key.grants,
    access_key: key.accessKey,
    created_at: `${key.createdAt.slice(0, 19)}Z`,
  };
}

/** Access keys of Spaces, and the buckets, which only the S3 API makes. */
export const spacesKeys: Family = {
  name: "spaces keys",
  endpoints: [list, create, read, replace, patch, remove],
  resources: (store) => [
    ...keyCollection(store)
      .list()
      .map(({ accessKey, name, createdAt }) => ({ kind: "spaces_keys", id: accessKey, name, createdAt })),
    ...bucketCollection(store)
      .list()
      .map(({ name, createdAt }) => ({
        kind: "spaces_buckets",
        id: name,
        name,
        createdAt,
        urn: `do:space:${name}`,
      })),
  ],
};
