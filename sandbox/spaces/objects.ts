import type { Collection, Store } from "../store/store.ts";
import type { ObjectRecord, Segment, Version } from "./model.ts";

interface BucketIndex {
  readonly records: Map<string, ObjectRecord>;
  /** The keys in the order of their UTF-8 bytes; undefined since a key came or went. */
  sortedKeys: string[] | undefined;
}

/** The objects of all buckets: kept in memory for listing in order, and written through to the store. */
export class ObjectIndex {
  readonly #collection: Collection<ObjectRecord>;
  readonly #buckets = new Map<string, BucketIndex>();

  constructor(store: Store) {
    this.#collection = store.collection<ObjectRecord>("spaces_objects");
    for (const record of this.#collection.list()) this.#bucket(record.bucket).records.set(record.key, record);
  }

  /** The versions of a key, the newest first; empty where there are none. */
  versions(bucket: string, key: string): readonly Version[] {
    return this.#buckets.get(bucket)?.records.get(key)?.versions ?? [];
  }

  /** Writes the versions of a key; without any, the key is gone. */
  setVersions(bucket: string, key: string, versions: readonly Version[]): void {
    const index = this.#bucket(bucket);
    const id = `${bucket}/${key}`;
    if (versions.length === 0) {
      this.#collection.delete(id);
      if (index.records.delete(key)) index.sortedKeys = undefined;
      return;
    }
    const record = { bucket, key, versions };
    this.#collection.put(id, record);
    if (!index.records.has(key)) index.sortedKeys = undefined;
    index.records.set(key, record);
  }

  /** Whether the bucket holds no version of anything. */
  isEmpty(bucket: string): boolean {
    return (this.#buckets.get(bucket)?.records.size ?? 0) === 0;
  }

  /** The records of a bucket that begin with `prefix`, in the order of their keys' UTF-8 bytes. */
  *records(bucket: string, prefix: string): Generator<ObjectRecord> {
    const index = this.#bucket(bucket);
    index.sortedKeys ??= [...index.records.keys()].sort(compareKeys);
    for (const key of index.sortedKeys) {
      const record = index.records.get(key);
      if (record !== undefined && key.startsWith(prefix)) yield record;
    }
  }

  /** Every segment that any version refers to. */
  *segments(): Generator<Segment> {
    for (const { records } of this.#buckets.values()) {
      for (const { versions } of records.values()) yield* versions.flatMap(segmentsOf);
    }
  }

  #bucket(name: string): BucketIndex {
    let index = this.#buckets.get(name);
    if (index === undefined) {
      index = { records: new Map(), sortedKeys: undefined };
      this.#buckets.set(name, index);
    }
    return index;
  }
}

/** The bytes of a version; none for a delete marker. */
export function segmentsOf(version: Version): readonly Segment[] {
  return version.kind === "object" ? version.segments : [];
}

/** Orders keys by their UTF-8 bytes, as S3 lists them. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
