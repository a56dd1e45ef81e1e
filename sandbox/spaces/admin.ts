import { randomBytes } from "node:crypto";
import type { Collection, Store } from "../store/store.ts";
import type { Bucket, SpacesGrant, SpacesKey } from "./model.ts";

/** What the cloud's API knows of a bucket. */
export interface BucketSummary {
  readonly name: string;
  readonly region: string;
  readonly createdAt: string;
}

/** What the rest of the emulated cloud may ask of Spaces. */
export interface SpacesAdmin {
  /** All buckets, the oldest first. */
  buckets(): BucketSummary[];
  findBucket(name: string): BucketSummary | undefined;
  readonly keys: SpacesKeys;
}

/** The access keys of `/v2/spaces/keys`; what they grant holds from the next request on. */
export interface SpacesKeys {
  /** All keys, the oldest first. */
  list(): SpacesKey[];
  find(accessKey: string): SpacesKey | undefined;
  /** Makes a key with a new secret. */
  create(name: string, grants: readonly SpacesGrant[], now: Date): SpacesKey;
  /** Changes name or grants; undefined where there is no such key. */
  update(accessKey: string, changes: Partial<Pick<SpacesKey, "name" | "grants">>): SpacesKey | undefined;
  /** Whether there was such a key. */
  delete(accessKey: string): boolean;
}

/** Where the buckets are kept. */
export const bucketCollection = (store: Store): Collection<Bucket> =>
  store.collection<Bucket>("spaces_buckets");

/** Where the access keys are kept. */
export const keyCollection = (store: Store): Collection<SpacesKey> =>
  store.collection<SpacesKey>("spaces_keys");

/** The administration of the Spaces whose records this store holds. */
export function createSpacesAdmin(store: Store): SpacesAdmin {
  const buckets = bucketCollection(store);
  const keys = keyCollection(store);
  return {
    buckets: () => buckets.list().map(summarise),
    findBucket: (name) => {
      const bucket = buckets.get(name);
      return bucket && summarise(bucket);
    },
    keys: {
      list: () => keys.list(),
      find: (accessKey) => keys.get(accessKey),
      create: (name, grants, now) => {
        const key: SpacesKey = {
          accessKey: `DO${randomBytes(12).toString("hex").slice(0, 18).toUpperCase()}`,
          secretKey: randomBytes(32).toString("base64url"),
          name,
          grants,
          createdAt: now.toISOString(),
        };
        keys.put(key.accessKey, key);
        return key;
      },
      update: (accessKey, changes) => {
        const key = keys.get(accessKey);
        if (key === undefined) return undefined;
        const changed = { ...key, ...changes };
        keys.put(accessKey, changed);
        return changed;
      },
      delete: (accessKey) => keys.delete(accessKey),
    },
  };
}

function summarise({ name, region, createdAt }: Bucket): BucketSummary {
  return { name, region, createdAt };
}
