import { regions } from "../../catalog/regions.ts";

/** The regions that have Spaces. */
export const spacesRegions: readonly string[] = regions
  .filter((region) => region.spaces)
  .map((region) => region.slug);

/** The canned ACLs that Spaces knows. */
export type CannedAcl = "private" | "public-read";

/** One CORS rule, as `PutBucketCors` takes it. */
export interface CorsRule {
  readonly id?: string;
  readonly allowedOrigins: readonly string[];
  readonly allowedMethods: readonly string[];
  readonly allowedHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeSeconds?: number;
}

/** One lifecycle rule, as `PutBucketLifecycleConfiguration` takes it. */
export interface LifecycleRule {
  readonly id: string;
  readonly enabled: boolean;
  readonly prefix: string;
  readonly expiration?: {
    readonly days?: number;
    readonly date?: string;
    readonly expiredObjectDeleteMarker?: boolean;
  };
  readonly noncurrentDays?: number;
  readonly abortIncompleteMultipartUploadDays?: number;
}

/** A bucket and its settings. */
export interface Bucket {
  readonly name: string;
  /** One of `spacesRegions`. */
  readonly region: string;
  readonly createdAt: string;
  readonly acl: CannedAcl;
  /** Absent until versioning was first asked for; from then on it can only be suspended. */
  readonly versioning?: "Enabled" | "Suspended";
  readonly cors?: readonly CorsRule[];
  readonly lifecycle?: readonly LifecycleRule[];
  /** When the lifecycle rules were put. */
  readonly lifecycleSince?: string;
  /** The policy document as it was put, byte for byte. */
  readonly policy?: string;
  readonly logging?: { readonly targetBucket: string; readonly targetPrefix: string };
}

/** A run of bytes on disk: a whole object, or one part of an object that was uploaded in parts. */
export interface Segment {
  readonly blob: string;
  readonly sizeBytes: number;
}

/** What a client said of an object when it wrote it. */
export interface ObjectDescription {
  /** Standard headers that come back with the object (`content-type`, `cache-control`, ...), lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** User metadata: `x-amz-meta-*`, without the prefix, lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly acl: CannedAcl;
}

/** A checksum a client sent with an object and the server found to be right. */
export interface Checksum {
  readonly algorithm: string;
  /** Base64. */
  readonly value: string;
}

/** One version of an object that holds bytes. */
export interface StoredVersion extends ObjectDescription {
  readonly kind: "object";
  /** `null` (the word) where the bucket was not versioned when it was written. */
  readonly versionId: string;
  readonly lastModified: string;
  /** Without quotes. */
  readonly etag: string;
  readonly sizeBytes: number;
  readonly segments: readonly Segment[];
  readonly checksum?: Checksum;
}

/** The version that says: deleted. */
export interface DeleteMarker {
  readonly kind: "delete-marker";
  readonly versionId: string;
  readonly lastModified: string;
}

/** One version of a key. */
export type Version = StoredVersion | DeleteMarker;

/** A key with its versions, the newest first; never without one. */
export interface ObjectRecord {
  readonly bucket: string;
  readonly key: string;
  readonly versions: readonly Version[];
}

/** One part of a multipart upload. */
export interface Part {
  readonly number: number;
  readonly etag: string;
  readonly lastModified: string;
  readonly segment: Segment;
  readonly checksum?: Checksum;
}

/** A multipart upload under way. */
export interface Upload extends ObjectDescription {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly initiatedAt: string;
  readonly parts: readonly Part[];
}

/** What a key may do with a bucket. `fullaccess` with an empty bucket: everything, everywhere. */
export interface SpacesGrant {
  readonly bucket: string;
  readonly permission: "read" | "readwrite" | "fullaccess";
}

/** An access key made by `/v2/spaces/keys`. */
export interface SpacesKey {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly name: string;
  readonly grants: readonly SpacesGrant[];
  readonly createdAt: string;
}
