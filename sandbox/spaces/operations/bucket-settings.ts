import { readCorsRules, renderCorsRules } from "../cors.ts";
import { S3Error, type S3ErrorCode } from "../errors.ts";
import { readLifecycleRules, renderLifecycleRules } from "../lifecycle.ts";
import type { Bucket } from "../model.ts";
import { validatePolicy } from "../policy.ts";
import { parseXml } from "../xml.ts";
import { type BucketOperation, noContent, type S3Response, xmlResponse } from "./operation.ts";

/** What a PUT may look at beside its document. */
interface PutContext {
  readonly now: Date;
  readonly findBucket: (name: string) => Bucket | undefined;
}

/** A setting of a bucket that is a document: read and put as a whole, some deleted. */
interface Setting {
  readonly field: "cors" | "lifecycle" | "policy" | "versioning" | "logging";
  /** The query parameter, and the names of the operations and of the policy's actions. */
  readonly selector: string;
  readonly getName: string;
  readonly putName: string;
  readonly deleteName?: string;
  readonly getAction: string;
  readonly putAction: string;
  /** What a GET answers while it is not set. */
  readonly render: (bucket: Bucket) => S3Response;
  /** What a PUT of that document makes of the bucket. @throws S3Error */
  readonly apply: (document: string, bucket: Bucket, context: PutContext) => Bucket;
  readonly putStatus?: number;
}

const settings: readonly Setting[] = [
  {
    field: "versioning",
    selector: "versioning",
    getName: "GetBucketVersioning",
    putName: "PutBucketVersioning",
    getAction: "s3:GetBucketVersioning",
    putAction: "s3:PutBucketVersioning",
    render: (bucket) => xmlResponse("VersioningConfiguration", { Status: bucket.versioning }),
    apply: (document, bucket) => {
      const status = parseXml(document, "VersioningConfiguration").require("Status");
      if (status !== "Enabled" && status !== "Suspended") {
        throw new S3Error("MalformedXML", `Versioning is Enabled or Suspended, not "${status}".`);
      }
      // Suspending what was never enabled leaves a bucket that was never versioned, as Spaces reports it.
      return bucket.versioning === undefined && status === "Suspended"
        ? bucket
        : { ...bucket, versioning: status };
    },
  },
  {
    field: "cors",
    selector: "cors",
    getName: "GetBucketCors",
    putName: "PutBucketCors",
    deleteName: "DeleteBucketCors",
    getAction: "s3:GetBucketCORS",
    putAction: "s3:PutBucketCORS",
    render: ({ cors, name }) =>
      xmlResponse(
        "CORSConfiguration",
        renderCorsRules(cors ?? unset("NoSuchCORSConfiguration", "CORS configuration", name)),
      ),
    apply: (document, bucket) => ({
      ...bucket,
      cors: readCorsRules(parseXml(document, "CORSConfiguration")),
    }),
  },
  {
    field: "lifecycle",
    selector: "lifecycle",
    getName: "GetBucketLifecycleConfiguration",
    putName: "PutBucketLifecycleConfiguration",
    deleteName: "DeleteBucketLifecycle",
    getAction: "s3:GetLifecycleConfiguration",
    putAction: "s3:PutLifecycleConfiguration",
    render: ({ lifecycle, name }) =>
      xmlResponse(
        "LifecycleConfiguration",
        renderLifecycleRules(
          lifecycle ?? unset("NoSuchLifecycleConfiguration", "lifecycle configuration", name),
        ),
      ),
    apply: (document, bucket, { now }) => ({
      ...bucket,
      lifecycle: readLifecycleRules(parseXml(document, "LifecycleConfiguration")),
      lifecycleSince: now.toISOString(),
    }),
  },
  {
    field: "policy",
    selector: "policy",
    getName: "GetBucketPolicy",
    putName: "PutBucketPolicy",
    deleteName: "DeleteBucketPolicy",
    getAction: "s3:GetBucketPolicy",
    putAction: "s3:PutBucketPolicy",
    putStatus: 204,
    render: ({ policy, name }) => ({
      headers: { "content-type": "application/json" },
      body: policy ?? unset("NoSuchBucketPolicy", "bucket policy", name),
    }),
    apply: (document, bucket) => {
      validatePolicy(document, bucket.name);
      return { ...bucket, policy: document };
    },
  },
  {
    field: "logging",
    selector: "logging",
    getName: "GetBucketLogging",
    putName: "PutBucketLogging",
    getAction: "s3:GetBucketLogging",
    putAction: "s3:PutBucketLogging",
    render: ({ logging }) =>
      xmlResponse("BucketLoggingStatus", {
        LoggingEnabled: logging && { TargetBucket: logging.targetBucket, TargetPrefix: logging.targetPrefix },
      }),
    apply: (document, bucket, { findBucket }) => {
      const { logging: _before, ...rest } = bucket;
      const enabled = parseXml(document, "BucketLoggingStatus").first("LoggingEnabled");
      if (enabled === undefined) return rest;
      const targetBucket = enabled.require("TargetBucket");
      if (findBucket(targetBucket)?.region !== bucket.region) {
        throw new S3Error(
          "InvalidArgument",
          `The target bucket for logging does not exist in ${bucket.region}: ${targetBucket}.`,
          { details: { ArgumentName: "TargetBucket", ArgumentValue: targetBucket } },
        );
      }
      return {
        ...rest,
        logging: { targetBucket, targetPrefix: enabled.first("TargetPrefix")?.rawText() ?? "" },
      };
    },
  },
];

/** The settings of a bucket: versioning, CORS, lifecycle, policy and logging. */
export const bucketSettingOperations: readonly BucketOperation[] = settings.flatMap(operationsOf);

function operationsOf(setting: Setting): BucketOperation[] {
  const common = { scope: "bucket" as const, selectors: [setting.selector], need: "manage" as const };
  const operations: BucketOperation[] = [
    {
      ...common,
      name: setting.getName,
      method: "GET",
      action: setting.getAction,
      handle: (_state, { bucket }) => setting.render(bucket),
    },
    {
      ...common,
      name: setting.putName,
      method: "PUT",
      action: setting.putAction,
      handle: async (state, request) => {
        const document = await request.payload.text();
        // The bucket is read again: it may have changed while the body was on its way.
        const bucket = state.bucket(request.bucket.name);
        const context = { now: request.now, findBucket: (name: string) => state.findBucket(name) };
        state.putBucket(setting.apply(document, bucket, context));
        return { status: setting.putStatus ?? 200 };
      },
    },
  ];
  if (setting.deleteName === undefined) return operations;
  return [
    ...operations,
    {
      ...common,
      name: setting.deleteName,
      method: "DELETE",
      action: setting.field === "policy" ? "s3:DeleteBucketPolicy" : setting.putAction,
      handle: (state, { bucket }) => {
        const { [setting.field]: _removed, ...rest } = bucket;
        state.putBucket(rest);
        return noContent;
      },
    },
  ];
}

function unset(code: S3ErrorCode, what: string, bucket: string): never {
  throw new S3Error(code, `The ${what} does not exist.`, { details: { BucketName: bucket } });
}
