import { randomBytes } from "node:crypto";
import type { Bucket, SpacesGrant, SpacesKey } from "./model.ts";
import type { SpacesState } from "./state.ts";

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

/** The administration of this state. */
export function createSpacesAdmin(state: SpacesState): SpacesAdmin {
  return {
    buckets: () => state.buckets().map(summarise),
    findBucket: (name) => {
      const bucket = state.findBucket(name);
      return bucket && summarise(bucket);
    },
    keys: {
      list: () => state.keys.list(),
      find: (accessKey) => state.keys.get(accessKey),
      create: (name, grants, now) => {
        const key: SpacesKey = {
          accessKey: `DO${randomBytes(12).toString("hex").slice(0, 18).toUpperCase()}`,
          secretKey: randomBytes(32).toString("base64url"),
          name,
          grants,
          createdAt: now.toISOString(),
        };
        state.keys.put(key.accessKey, key);
        return key;
      },
      update: (accessKey, changes) => {
        const key = state.keys.get(accessKey);
        if (key === undefined) return undefined;
        const changed = { ...key, ...changes };
        state.keys.put(accessKey, changed);
        return changed;
      },
      delete: (accessKey) => state.keys.delete(accessKey),
    },
  };
}

function summarise({ name, region, createdAt }: Bucket): BucketSummary {
  return { name, region, createdAt };
}
