import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { durationPattern, type RecoveryNeed, type StoreDeclaration } from "../../catalog/recovery.ts";
import { Component } from "../component.ts";
import { ArgumentChecks } from "../errors.ts";
import type { BucketGrant, BucketPermission } from "../joints.ts";
import { checkRegion } from "../region.ts";

/** Arguments of an {@link ObjectStorage}. */
export interface ObjectStorageArgs<Consumer extends string = string> {
  /**
   * What the names of the bucket and its keys begin with. Spaces renames no bucket: who gives the component another name keeps
   * the old one here, and as an alias.
   *
   * Caution: a change replaces the bucket and loses its objects, and so does another name of the component without this.
   * @default the component's name
   * @example new ObjectStorage("whisper-staging-uploads", { cloudName: "whisper-staging-media", ... },
   *   { aliases: [{ name: "whisper-staging-media" }] })
   */
  readonly cloudName?: string;

  /**
   * Region of the bucket.
   *
   * Caution: a change replaces the bucket and loses its objects.
   * @example "tor1"
   */
  readonly region: pulumi.Input<string>;

  /**
   * End of the bucket's name, which all of DigitalOcean's customers share.
   *
   * Caution: a change replaces the bucket and loses its objects.
   * @example "k7f2q"
   */
  readonly nameSuffix: string;

  /**
   * Who uses the bucket, and what each may do; each gets a key of its own.
   * @default nobody
   * @example { api: "readwrite", worker: "read" }
   */
  readonly consumers?: Readonly<Record<Consumer, BucketPermission>>;

  /**
   * How long a version stays that was overwritten or deleted: the time in which a mistake can be undone.
   * @default 30
   */
  readonly supersededDays?: number;

  /**
   * After how many days an object is deleted.
   * @default never
   */
  readonly expireDays?: number;

  /**
   * What its consumers can bear when it is lost. Versions are lost with it: less than the loss of everything takes a backup
   * that reaches it, which a policy demands.
   * @default { point: "1d", time: "4h" }
   * @example { point: "everything", time: "1h" }
   */
  readonly recovery?: RecoveryNeed;

  /**
   * Web pages, by origin, whose scripts may read and upload.
   * @default none
   * @example ["https://app.whisper.example.com"]
   */
  readonly corsOrigins?: readonly pulumi.Input<string>[];

  /**
   * Whether the engine refuses to delete or replace the bucket.
   * @default true
   */
  readonly protect?: boolean;

  /**
   * Whether deleting the bucket deletes what is in it; without it only an empty bucket can go.
   * @default false
   */
  readonly forceDestroy?: boolean;
}

/** Parts of uploads that were never finished are paid for like objects. */
const abandonedUploadDays = 7;

/**
 * One private, versioned bucket, and a key for each of its consumers that opens this bucket and nothing else.
 *
 * Caution: the component's name is in the bucket's. Under another it would be another bucket, and an empty one, but for
 * {@link ObjectStorageArgs.cloudName} and an alias.
 *
 * Spaces has no copies elsewhere and no lock: a `readwrite` key can delete. Older versions are what undoes a
 * mistake, for {@link ObjectStorageArgs.supersededDays}.
 *
 * ### Cost
 * 5 $ a month for all buckets of an account together, 250 GiB included; 0.02 $ for each further GiB, older
 * versions included: 1 TiB is 5 + (1024 - 250) x 0.02 = 20.48 $. With nothing beyond what is included,
 * Staging: 1 x 5 = 5 $ a month. Production: 1 x 5 = 5 $ a month.
 *
 * @example
 * ```ts
 * const media = new ObjectStorage("whisper-staging-media", {
 *   region: "tor1", nameSuffix: "k7f2q", consumers: { api: "readwrite", worker: "read" },
 * });
 * media.grants.worker; // bucket, endpoint and key of the worker
 * ```
 */
export class ObjectStorage<Consumer extends string = string> extends Component {
  /** Each consumer's way in. */
  readonly grants: Readonly<Record<Consumer, BucketGrant>>;
  readonly bucketName: pulumi.Output<string>;
  /** `<bucket>.<region>.digitaloceanspaces.com`, what a CDN reads from. */
  readonly bucketDomain: pulumi.Output<string>;
  /** The bucket's URN in DigitalOcean's sense. */
  readonly bucketUrn: pulumi.Output<string>;

  constructor(name: string, args: ObjectStorageArgs<Consumer>, options?: pulumi.ComponentResourceOptions) {
    checkArguments(name, args);
    super("whisper:object-storage:ObjectStorage", name, { ...args, store: declarationOf(args) }, options);

    const bucket = this.#createBucket(name, args);
    this.#allowOrigins(name, args, bucket);

    this.grants = this.#createGrants(name, args, bucket);
    this.bucketName = bucket.name;
    this.bucketDomain = bucket.bucketDomainName;
    this.bucketUrn = bucket.bucketUrn;
    this.registerOutputs({ bucketName: this.bucketName, bucketDomain: this.bucketDomain });
  }

  #createBucket(name: string, args: ObjectStorageArgs): digitalocean.SpacesBucket {
    return new digitalocean.SpacesBucket(
      `${name}-bucket`,
      {
        name: bucketNameOf(name, args),
        region: args.region,
        acl: "private",
        versioning: { enabled: true },
        lifecycleRules: [
          {
            id: "superseded-versions",
            enabled: true,
            noncurrentVersionExpiration: { days: supersededDaysOf(args) },
            // Else a deleted object's marker stays for good, when the versions that it hid are gone.
            expiration: { expiredObjectDeleteMarker: true },
            abortIncompleteMultipartUploadDays: abandonedUploadDays,
          },
          ...(args.expireDays === undefined
            ? []
            : [{ id: "expired-objects", enabled: true, expiration: { days: args.expireDays } }]),
        ],
        forceDestroy: args.forceDestroy ?? false,
      },
      { parent: this, protect: args.protect ?? true },
    );
  }

  #allowOrigins(name: string, args: ObjectStorageArgs, bucket: digitalocean.SpacesBucket): void {
    if (!args.corsOrigins?.length) return;
    new digitalocean.SpacesBucketCorsConfiguration(
      `${name}-cors`,
      {
        bucket: bucket.id,
        region: args.region,
        corsRules: [
          {
            allowedMethods: ["GET", "HEAD", "PUT", "POST"],
            allowedOrigins: [...args.corsOrigins],
            allowedHeaders: ["*"],
            // Without the parts' ETags a browser cannot finish a multipart upload.
            exposeHeaders: ["ETag"],
            maxAgeSeconds: 3600,
          },
        ],
      },
      { parent: this },
    );
  }

  #createGrants(
    name: string,
    { consumers, cloudName = name }: ObjectStorageArgs<Consumer>,
    bucket: digitalocean.SpacesBucket,
  ): Record<Consumer, BucketGrant> {
    const grants = Object.entries<BucketPermission>(consumers ?? {}).map(([consumer, permission]) => [
      consumer,
      this.#createGrant(
        `${name}-key-${consumer}`,
        { name: `${cloudName}-key-${consumer}`, permission },
        bucket,
      ),
    ]);
    return Object.fromEntries(grants);
  }

  #createGrant(
    logicalName: string,
    { name, permission }: { readonly name: string; readonly permission: BucketPermission },
    bucket: digitalocean.SpacesBucket,
  ): BucketGrant {
    const key = new digitalocean.SpacesKey(
      logicalName,
      { name, grants: [{ bucket: bucket.name, permission }] },
      { parent: this },
    );
    return {
      bucket: bucket.name,
      region: pulumi.interpolate`${bucket.region}`,
      endpoint: pulumi.interpolate`https://${bucket.region}.digitaloceanspaces.com`,
      accessKeyId: key.accessKey,
      secretAccessKey: pulumi.secret(key.secretKey),
      permission,
    };
  }
}

/** Older versions undo what was overwritten or deleted; a copy elsewhere, for when the bucket itself is lost, is not here. */
function declarationOf(args: ObjectStorageArgs): StoreDeclaration {
  return {
    store: "objects",
    backup: "versions",
    recovery: args.recovery ?? { point: "1d", time: "4h" },
    retention: `${supersededDaysOf(args)}d`,
  };
}

const supersededDaysOf = ({ supersededDays }: ObjectStorageArgs): number => supersededDays ?? 30;

function bucketNameOf(
  name: string,
  { cloudName = name, nameSuffix }: Pick<ObjectStorageArgs, "cloudName" | "nameSuffix">,
): string {
  return `${cloudName}-${nameSuffix}`;
}

/** Finds what is wrong with how long an {@link ObjectStorage} keeps what it holds. */
export function checkRetention(
  checks: ArgumentChecks,
  args: Pick<ObjectStorageArgs, "supersededDays" | "expireDays">,
): void {
  checks.range("supersededDays", args.supersededDays, 1, 3650);
  checks.range("expireDays", args.expireDays, 1, 3650);
}

function checkArguments(name: string, args: ObjectStorageArgs): void {
  const checks = new ArgumentChecks(name);
  checkRegion(checks, args.region, "spaces");
  checks.check(
    "nameSuffix",
    args.nameSuffix,
    (suffix) => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(suffix) && bucketNameOf(name, args).length <= 63,
    (suffix) => `is "${suffix}", which makes the bucket's name ${bucketNameOf(name, args)}`,
    "Bucket names have at most 63 lower-case letters, digits and inner hyphens.",
  );
  for (const [consumer, permission] of Object.entries(args.consumers ?? {})) {
    checks.oneOf(`consumers.${consumer}`, permission, ["read", "readwrite"]);
  }
  checks.check(
    "recovery.point",
    args.recovery?.point,
    (point) => point === "everything" || durationPattern.test(point),
    (point) => `is "${point}", which is neither a time nor everything`,
    'Write minutes, hours or days, as in "5m", or "everything".',
  );
  checks.check(
    "recovery.time",
    args.recovery?.time,
    (time) => durationPattern.test(time),
    (time) => `is "${time}", which is no time`,
    'Write minutes, hours or days, as in "4h".',
  );
  checkRetention(checks, args);
  for (const [index, origin] of (args.corsOrigins ?? []).entries()) {
    checks.check(
      `corsOrigins[${index}]`,
      origin,
      (text) => /^https?:\/\/[a-z0-9.-]+(:\d+)?$/.test(text),
      (text) => `is "${text}", which is no single web origin`,
      "Write scheme and host without a path, as in https://app.example.com.",
    );
  }
  checks.throwIfAny();
}
