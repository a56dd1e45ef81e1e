import type { Collection, Store } from "../store/store.ts";
import { bucketCollection, keyCollection } from "./admin.ts";
import { BlobStore } from "./blobs.ts";
import { S3Error } from "./errors.ts";
import { type Expired, expiredUploads, expireVersions, lastNight } from "./expiry.ts";
import type { Bucket, Segment, SpacesKey, StoredVersion, Upload, Version } from "./model.ts";
import { ObjectIndex, segmentsOf } from "./objects.ts";

/** Everything this server knows: records in the store, bytes in files. */
export class SpacesState {
  readonly #buckets: Collection<Bucket>;
  /** The access keys made by the API. */
  readonly keys: Collection<SpacesKey>;
  readonly uploads: Collection<Upload>;
  readonly objects: ObjectIndex;
  readonly blobs: BlobStore;
  /** The last night whose lifecycle rules have acted, as this server knows. */
  #settledNight = 0;

  /** @param directory where the bytes are kept */
  constructor(store: Store, directory: string) {
    this.#buckets = bucketCollection(store);
    this.keys = keyCollection(store);
    this.uploads = store.collection<Upload>("spaces_uploads");
    this.objects = new ObjectIndex(store);
    this.blobs = new BlobStore(directory);
    this.#recover();
  }

  /** Puts right what a server left that was killed between two writes. */
  #recover(): void {
    const held = new Set([...this.objects.segments()].map(({ blob }) => blob));
    for (const upload of this.uploads.list()) {
      const blobs = upload.parts.map((part) => part.segment.blob);
      // An upload whose parts an object already holds was completed; aborting it would take the object's bytes.
      if (blobs.some((blob) => held.has(blob))) this.uploads.delete(upload.id);
      else for (const blob of blobs) held.add(blob);
    }
    this.blobs.sweep(held);
  }

  buckets(): Bucket[] {
    return this.#buckets.list();
  }

  findBucket(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  /** @throws S3Error NoSuchBucket */
  bucket(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) throw noSuchBucket(name);
    return bucket;
  }

  putBucket(bucket: Bucket): void {
    this.#buckets.put(bucket.name, bucket);
  }

  deleteBucket(name: string): void {
    this.#buckets.delete(name);
  }

  /** Lets the lifecycle rules act that the nights before `now` were for. Costs nothing when none has passed since. */
  async settle(now: Date): Promise<void> {
    const night = lastNight(now.getTime());
    if (night <= this.#settledNight) return;
    this.#settledNight = night;
    await this.expire(now);
  }

  /** Lets the lifecycle rules act as the nights up to `until` would, however far away it is. */
  async expire(until: Date): Promise<Expired[]> {
    const gone: Segment[] = [];
    const expired = this.buckets()
      .filter(({ lifecycle }) => lifecycle !== undefined)
      .map((bucket) => this.#expireBucket(bucket, until.getTime(), gone));
    await this.blobs.remove(gone);
    return expired.filter(({ hidden, removed, uploads }) => hidden + removed + uploads > 0);
  }

  /** @param gone Gets the bytes that nothing refers to any more. */
  #expireBucket(bucket: Bucket, untilMs: number, gone: Segment[]): Expired {
    const expired = { bucket: bucket.name, hidden: 0, removed: 0, uploads: 0 };
    for (const { key, versions } of [...this.objects.records(bucket.name, "")]) {
      const left = expireVersions(bucket, key, versions, untilMs);
      if (left === versions) continue;
      this.objects.setVersions(bucket.name, key, left);
      const removed = versions.filter((version) => !left.includes(version));
      expired.removed += removed.length;
      expired.hidden += left.filter((version) => !versions.includes(version)).length;
      gone.push(...removed.flatMap(segmentsOf));
    }
    for (const upload of expiredUploads(bucket, this.uploadsOf(bucket.name), untilMs)) {
      this.uploads.delete(upload.id);
      expired.uploads++;
      gone.push(...upload.parts.map((part) => part.segment));
    }
    return expired;
  }

  /** The uploads under way in a bucket. */
  uploadsOf(bucket: string): Upload[] {
    return this.uploads.list().filter((upload) => upload.bucket === bucket);
  }

  /** @throws S3Error NoSuchUpload */
  upload(bucket: string, key: string, id: string): Upload {
    const upload = this.uploads.get(id);
    if (upload === undefined || upload.bucket !== bucket || upload.key !== key) {
      throw new S3Error(
        "NoSuchUpload",
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
        { details: { UploadId: id } },
      );
    }
    return upload;
  }

  /**
   * A version of an object that holds bytes: the newest, or the one with that id.
   *
   * @throws S3Error NoSuchKey, NoSuchVersion; MethodNotAllowed for a delete marker asked for by its id
   */
  object(bucket: string, key: string, versionId?: string): StoredVersion {
    const versions = this.objects.versions(bucket, key);
    const version =
      versionId === undefined ? versions[0] : versions.find((each) => each.versionId === versionId);
    if (version?.kind === "object") return version;
    if (version === undefined && versionId !== undefined) {
      throw new S3Error("NoSuchVersion", "The specified version does not exist.", {
        details: { Key: key, VersionId: versionId },
      });
    }
    const marker = version && { "x-amz-delete-marker": "true", "x-amz-version-id": version.versionId };
    if (versionId !== undefined) {
      throw new S3Error("MethodNotAllowed", "The specified method is not allowed against a delete marker.", {
        headers: marker ?? {},
      });
    }
    throw new S3Error("NoSuchKey", "The specified key does not exist.", {
      details: { Key: key },
      headers: marker ?? {},
    });
  }

  /** Writes an object's version over what the bucket's versioning says it replaces. */
  async putVersion(bucketName: string, key: string, version: Version): Promise<void> {
    const bucket = this.findBucket(bucketName);
    if (bucket === undefined) {
      await this.blobs.remove(segmentsOf(version));
      throw noSuchBucket(bucketName);
    }
    const before = this.objects.versions(bucketName, key);
    const kept =
      bucket.versioning === undefined ? [] : before.filter((each) => each.versionId !== version.versionId);
    this.objects.setVersions(bucketName, key, [version, ...kept]);
    await this.blobs.remove(before.filter((each) => !kept.includes(each)).flatMap(segmentsOf));
  }

  /** Removes one version for good. */
  async removeVersion(bucket: string, key: string, versionId: string): Promise<void> {
    const before = this.objects.versions(bucket, key);
    const [removed, kept] = [
      before.filter((each) => each.versionId === versionId),
      before.filter((each) => each.versionId !== versionId),
    ];
    this.objects.setVersions(bucket, key, kept);
    await this.blobs.remove(removed.flatMap(segmentsOf));
  }
}

function noSuchBucket(name: string): S3Error {
  return new S3Error("NoSuchBucket", "The specified bucket does not exist.", {
    details: { BucketName: name },
  });
}
