import type { LifecycleRule, S3Client } from "@aws-sdk/client-s3";
import { ProviderError } from "../../kit/index.ts";
import { boolean, type Fields, integer, list, name, object, string } from "../dsl/fields.ts";
import { type Operation, type Operations, type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { isPlainMap, type PlainMap } from "../dsl/wire.ts";
import { emptyBucket, ifPresent, importingByRegion, stoppable } from "../support/buckets.ts";
import { fromLifecycle, toLifecycle } from "../support/lifecycle.ts";

const inputs: Fields = {
  acl: string({ default: "private", oneOf: ["private", "public-read"] }),
  corsRules: list(
    object({
      allowedHeaders: list(string()),
      allowedMethods: list(string(), { required: true }),
      allowedOrigins: list(string(), { required: true }),
      maxAgeSeconds: integer({ min: 0 }),
    }),
  ),
  forceDestroy: boolean({ default: false, wire: null }),
  lifecycleRules: list(
    object({
      abortIncompleteMultipartUploadDays: integer({ zero: true, min: 1 }),
      enabled: boolean({ required: true }),
      expiration: object({
        date: string({ zero: true, pattern: [/^\d{4}-\d{2}-\d{2}$/, 'is no date like "2026-12-31"'] }),
        days: integer({ min: 1 }),
        expiredObjectDeleteMarker: boolean(),
      }),
      id: string({ computed: true, maxLength: 255 }),
      noncurrentVersionExpiration: object({ days: integer({ min: 1 }) }),
      prefix: string(),
    }),
  ),
  name: name({
    minLength: 3,
    maxLength: 63,
    pattern: [
      /^[a-z0-9][a-z0-9-]*[a-z0-9]$/,
      "a bucket's name holds lower-case letters, digits and dashes only",
    ],
  }),
  region: string({ default: "nyc3", replaces: true, offer: "regions" }),
  versioning: object({ enabled: boolean({ default: false }) }),
};

interface Place {
  readonly client: S3Client;
  readonly bucket: string;
  readonly region: string;
}

async function placeOf(bucket: string, known: PlainMap, operation: Operation): Promise<Place> {
  const region = String(known.region);
  return { client: await operation.spaces.client(region), bucket, region };
}

async function read(id: string, known: PlainMap, operation: Operation): Promise<PlainMap | undefined> {
  const sdk = await import("@aws-sdk/client-s3");
  const { client, bucket, region } = await placeOf(id, known, operation);
  const stop = stoppable(operation);
  const present = await ifPresent(client.send(new sdk.HeadBucketCommand({ Bucket: bucket }), stop));
  if (present === undefined) return undefined;
  const [versioning, lifecycle, cors] = await Promise.all([
    client.send(new sdk.GetBucketVersioningCommand({ Bucket: bucket }), stop),
    ifPresent(client.send(new sdk.GetBucketLifecycleConfigurationCommand({ Bucket: bucket }), stop)),
    // Rules that a resource of their own makes are not the bucket's.
    !Array.isArray(known.corsRules) || known.corsRules.length === 0
      ? undefined
      : ifPresent(client.send(new sdk.GetBucketCorsCommand({ Bucket: bucket }), stop)),
  ]);
  const isVersioned = versioning.Status === "Enabled";
  return {
    name: bucket,
    region,
    urn: `do:space:${bucket}`,
    bucket_domain_name: `${bucket}.${region}.digitaloceanspaces.com`,
    endpoint: `${region}.digitaloceanspaces.com`,
    // The vendor's plugin cannot tell the ACL either: it keeps what the program says.
    acl: known.acl ?? "private",
    ...(isVersioned || known.versioning !== undefined ? { versioning: { enabled: isVersioned } } : {}),
    lifecycle_rules: (lifecycle?.Rules ?? []).map(fromLifecycle),
    ...(cors === undefined
      ? {}
      : {
          cors_rules: (cors.CORSRules ?? []).map((rule) => ({
            allowed_headers: rule.AllowedHeaders ?? [],
            allowed_methods: rule.AllowedMethods ?? [],
            allowed_origins: rule.AllowedOrigins ?? [],
            ...(rule.MaxAgeSeconds === undefined ? {} : { max_age_seconds: rule.MaxAgeSeconds }),
          })),
        }),
  };
}

/** Makes the bucket's settings what the inputs say. Every call replaces what it sets. */
async function configure(id: string, news: PlainMap, known: PlainMap, operation: Operation): Promise<void> {
  const sdk = await import("@aws-sdk/client-s3");
  const { client, bucket } = await placeOf(id, news, operation);
  const stop = stoppable(operation);
  const acl = news.acl === "public-read" ? "public-read" : "private";
  await client.send(new sdk.PutBucketAclCommand({ Bucket: bucket, ACL: acl }), stop);
  const wantsVersions = isPlainMap(news.versioning) && news.versioning.enabled === true;
  if (wantsVersions || isPlainMap(known.versioning)) {
    const Status = wantsVersions ? "Enabled" : "Suspended";
    await client.send(
      new sdk.PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status } }),
      stop,
    );
  }
  const rules: LifecycleRule[] = entries(news.lifecycleRules).map(toLifecycle);
  if (rules.length > 0) {
    const configuration = { Bucket: bucket, LifecycleConfiguration: { Rules: rules } };
    await client.send(new sdk.PutBucketLifecycleConfigurationCommand(configuration), stop);
  } else if (entries(known.lifecycleRules).length > 0) {
    await client.send(new sdk.DeleteBucketLifecycleCommand({ Bucket: bucket }), stop);
  }
  const cors = entries(news.corsRules);
  if (cors.length > 0) {
    const CORSRules = cors.map((rule) => ({
      AllowedHeaders: texts(rule.allowedHeaders),
      AllowedMethods: texts(rule.allowedMethods),
      AllowedOrigins: texts(rule.allowedOrigins),
      ...(rule.maxAgeSeconds === undefined ? {} : { MaxAgeSeconds: Number(rule.maxAgeSeconds) }),
    }));
    await client.send(
      new sdk.PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: { CORSRules } }),
      stop,
    );
  } else if (entries(known.corsRules).length > 0) {
    await client.send(new sdk.DeleteBucketCorsCommand({ Bucket: bucket }), stop);
  }
}

const entries = (value: unknown): PlainMap[] => (Array.isArray(value) ? value.filter(isPlainMap) : []);
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

const operations: Operations = {
  async create(news, operation) {
    const sdk = await import("@aws-sdk/client-s3");
    const { client, bucket } = await placeOf(String(news.name), news, operation);
    try {
      await client.send(new sdk.CreateBucketCommand({ Bucket: bucket }), stoppable(operation));
    } catch (error) {
      // The answer to an earlier attempt was lost, or an earlier run was: the bucket is ours already.
      if (!(error instanceof Error) || error.name !== "BucketAlreadyOwnedByYou")
        throw asProviderError(bucket, error);
    }
    return { id: bucket, document: { name: bucket, region: news.region ?? "" } };
  },
  async settle({ id, document }, news, operation) {
    await configure(id, news, {}, operation);
    return (await read(id, news, operation)) ?? document;
  },
  read,
  async update(id, news, known, operation) {
    await configure(id, news, known, operation);
    return read(id, news, operation);
  },
  async delete(id, known, operation) {
    const sdk = await import("@aws-sdk/client-s3");
    const { client, bucket } = await placeOf(id, known, operation);
    if (known.forceDestroy === true) await emptyBucket(client, bucket, operation);
    try {
      await ifPresent(client.send(new sdk.DeleteBucketCommand({ Bucket: bucket }), stoppable(operation)));
    } catch (error) {
      throw asProviderError(bucket, error);
    }
  },
  importing: importingByRegion,
};

const REMEDIES: Readonly<Record<string, string>> = {
  BucketNotEmpty: "it holds objects: delete them, or set `forceDestroy` with an update before it is deleted",
  BucketAlreadyExists:
    "the name is taken by another account: bucket names are unique in a region, choose another",
};

function asProviderError(bucket: string, error: unknown): Error {
  if (!(error instanceof Error))
    return new ProviderError(`Spaces refused bucket ${bucket}: ${String(error)}`);
  if (error.name === "AbortError") return error;
  const remedy = REMEDIES[error.name];
  return new ProviderError(`Spaces refused bucket ${bucket} with ${error.name}: ${remedy ?? error.message}`, {
    cause: error,
  });
}

/** A bucket of object storage. */
export const spacesBucket: ResourceDefinition = {
  token: resourceToken("SpacesBucket"),
  noun: "a Spaces bucket",
  inputs,
  transitions: {
    // The vendor's plugin takes the change and does nothing, run after run.
    name: (before, after) => ({
      refused: `${JSON.stringify(before)} cannot be renamed to ${JSON.stringify(after)}: declare another bucket and copy the objects`,
    }),
  },
  outputs: { bucketDomainName: string(), bucketUrn: string({ wire: "urn" }), endpoint: string() },
  operations,
};
