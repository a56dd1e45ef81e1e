import { isDeepStrictEqual } from "node:util";
import type { PlainValue } from "../../kit/index.ts";
import { type Fields, string } from "../dsl/fields.ts";
import { type Operation, type Operations, type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import type { PlainMap } from "../dsl/wire.ts";
import { ifPresent, importingByRegion, stoppable } from "../support/buckets.ts";

function parsed(policy: PlainValue | undefined): unknown {
  try {
    return JSON.parse(String(policy));
  } catch {
    return undefined;
  }
}

const isSamePolicy = (one: PlainValue | undefined, other: PlainValue | undefined) =>
  isDeepStrictEqual(parsed(one), parsed(other));

const inputs: Fields = {
  bucket: string({ required: true, replaces: true, minLength: 1 }),
  policy: string({
    required: true,
    same: isSamePolicy,
    rules: [
      (policy) =>
        parsed(policy) === undefined ? "is no JSON: say the policy with JSON.stringify" : undefined,
    ],
  }),
  region: string({ required: true, replaces: true, offer: "regions" }),
};

async function apply(news: PlainMap, operation: Operation): Promise<void> {
  const { PutBucketPolicyCommand } = await import("@aws-sdk/client-s3");
  const client = await operation.spaces.client(String(news.region));
  const policy = { Bucket: String(news.bucket), Policy: String(news.policy) };
  await client.send(new PutBucketPolicyCommand(policy), stoppable(operation));
}

async function read(bucket: string, known: PlainMap, operation: Operation): Promise<PlainMap | undefined> {
  const { GetBucketPolicyCommand } = await import("@aws-sdk/client-s3");
  const client = await operation.spaces.client(String(known.region));
  const found = await ifPresent(
    client.send(new GetBucketPolicyCommand({ Bucket: bucket }), stoppable(operation)),
  );
  if (found?.Policy === undefined) return undefined;
  const policy = isSamePolicy(found.Policy, known.policy) ? (known.policy ?? "") : found.Policy;
  return { bucket, region: known.region ?? "", policy };
}

const operations: Operations = {
  async create(news, operation) {
    await apply(news, operation);
    const bucket = String(news.bucket);
    return { id: bucket, document: (await read(bucket, news, operation)) ?? {} };
  },
  read,
  async update(id, news, _known, operation) {
    await apply(news, operation);
    return read(id, news, operation);
  },
  async delete(bucket, known, operation) {
    const { DeleteBucketPolicyCommand } = await import("@aws-sdk/client-s3");
    const client = await operation.spaces.client(String(known.region));
    await ifPresent(client.send(new DeleteBucketPolicyCommand({ Bucket: bucket }), stoppable(operation)));
  },
  importing: importingByRegion,
};

/** Who may do what with a bucket, beyond its keys. */
export const spacesBucketPolicy: ResourceDefinition = {
  token: resourceToken("SpacesBucketPolicy"),
  noun: "a bucket policy",
  inputs,
  single: true,
  outputs: {},
  operations,
};
