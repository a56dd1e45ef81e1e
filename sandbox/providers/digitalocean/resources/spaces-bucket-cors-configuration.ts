import type { CORSRule } from "@aws-sdk/client-s3";
import { type Fields, integer, object, set, string } from "../dsl/fields.ts";
import { type Operation, type Operations, type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { isPlainMap, type PlainMap } from "../dsl/wire.ts";
import { ifPresent, importingByRegion, stoppable } from "../support/buckets.ts";

const METHODS = ["GET", "PUT", "POST", "DELETE", "HEAD"] as const;

const inputs: Fields = {
  bucket: string({ required: true, minLength: 1 }),
  corsRules: set(
    object({
      allowedHeaders: set(string(), { zero: true }),
      allowedMethods: set(string({ oneOf: METHODS }), { required: true, minItems: 1 }),
      allowedOrigins: set(string(), { required: true, minItems: 1 }),
      exposeHeaders: set(string(), { zero: true }),
      id: string({ zero: true, maxLength: 255 }),
      maxAgeSeconds: integer({ min: 0 }),
    }),
    { required: true, minItems: 1, maxItems: 100 },
  ),
  region: string({ required: true, replaces: true, offer: "regions" }),
};

const texts = (value: unknown): string[] | undefined =>
  Array.isArray(value) ? value.map(String) : undefined;

function toRule(rule: PlainMap): CORSRule {
  const headers = texts(rule.allowedHeaders);
  const exposed = texts(rule.exposeHeaders);
  return {
    AllowedMethods: texts(rule.allowedMethods) ?? [],
    AllowedOrigins: texts(rule.allowedOrigins) ?? [],
    ...(headers === undefined ? {} : { AllowedHeaders: headers }),
    ...(exposed === undefined ? {} : { ExposeHeaders: exposed }),
    ...(rule.id === undefined ? {} : { ID: String(rule.id) }),
    ...(rule.maxAgeSeconds === undefined ? {} : { MaxAgeSeconds: Number(rule.maxAgeSeconds) }),
  };
}

function fromRule(rule: CORSRule): PlainMap {
  return {
    allowed_headers: rule.AllowedHeaders ?? [],
    allowed_methods: rule.AllowedMethods ?? [],
    allowed_origins: rule.AllowedOrigins ?? [],
    expose_headers: rule.ExposeHeaders ?? [],
    ...(rule.ID === undefined ? {} : { id: rule.ID }),
    ...(rule.MaxAgeSeconds === undefined ? {} : { max_age_seconds: rule.MaxAgeSeconds }),
  };
}

async function apply(news: PlainMap, operation: Operation): Promise<void> {
  const { PutBucketCorsCommand } = await import("@aws-sdk/client-s3");
  const client = await operation.spaces.client(String(news.region));
  const rules = Array.isArray(news.corsRules) ? news.corsRules.filter(isPlainMap) : [];
  const configuration = {
    Bucket: String(news.bucket),
    CORSConfiguration: { CORSRules: rules.map(toRule) },
  };
  await client.send(new PutBucketCorsCommand(configuration), stoppable(operation));
}

async function read(bucket: string, known: PlainMap, operation: Operation): Promise<PlainMap | undefined> {
  const { GetBucketCorsCommand } = await import("@aws-sdk/client-s3");
  const client = await operation.spaces.client(String(known.region));
  const found = await ifPresent(
    client.send(new GetBucketCorsCommand({ Bucket: bucket }), stoppable(operation)),
  );
  if (found === undefined) return undefined;
  return { bucket, region: known.region ?? "", cors_rules: (found.CORSRules ?? []).map(fromRule) };
}

const operations: Operations = {
  async create(news, operation) {
    await apply(news, operation);
    const bucket = String(news.bucket);
    return { id: bucket, document: (await read(bucket, news, operation)) ?? {} };
  },
  read,
  async update(_id, news, _known, operation) {
    await apply(news, operation);
    return read(String(news.bucket), news, operation);
  },
  async delete(bucket, known, operation) {
    const { DeleteBucketCorsCommand } = await import("@aws-sdk/client-s3");
    const client = await operation.spaces.client(String(known.region));
    await ifPresent(client.send(new DeleteBucketCorsCommand({ Bucket: bucket }), stoppable(operation)));
  },
  importing: importingByRegion,
};

/** Which web pages may use a bucket from browsers. */
export const spacesBucketCorsConfiguration: ResourceDefinition = {
  token: resourceToken("SpacesBucketCorsConfiguration"),
  noun: "a bucket's CORS configuration",
  inputs,
  single: true,
  outputs: {},
  operations,
};
