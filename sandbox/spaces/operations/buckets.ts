import { isIP } from "node:net";
import { mayKnow } from "../auth/access.ts";
import { S3Error } from "../errors.ts";
import { spacesRegions } from "../model.ts";
import { parseXml } from "../xml.ts";
import { readCannedAcl } from "./acl.ts";
import { accountOwner, type NewBucketRequest, noContent, type Operation, xmlResponse } from "./operation.ts";

const defaultRegion = "nyc3";

/** Buckets come and go. */
export const bucketOperations: readonly Operation[] = [
  {
    name: "ListBuckets",
    method: "GET",
    scope: "service",
    selectors: [],
    action: "s3:ListAllMyBuckets",
    need: "read",
    handle: (state, request) => {
      const buckets = state
        .buckets()
        .filter((bucket) => request.region === undefined || bucket.region === request.region)
        .filter((bucket) => mayKnow(request.caller, bucket.name))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      return xmlResponse("ListAllMyBucketsResult", {
        Owner: accountOwner,
        Buckets: {
          Bucket: buckets.map((bucket) => ({
            Name: bucket.name,
            CreationDate: bucket.createdAt,
            BucketRegion: bucket.region,
          })),
        },
      });
    },
  },
  {
    name: "CreateBucket",
    method: "PUT",
    scope: "new-bucket",
    selectors: [],
    action: "s3:CreateBucket",
    need: "manage",
    handle: async (state, request) => {
      checkName(request.bucketName);
      const region = await chooseRegion(request);
      if (state.findBucket(request.bucketName) !== undefined) {
        throw new S3Error(
          "BucketAlreadyOwnedByYou",
          "Your previous request to create the named bucket succeeded and you already own it.",
          { details: { BucketName: request.bucketName } },
        );
      }
      state.putBucket({
        name: request.bucketName,
        region,
        createdAt: request.now.toISOString(),
        acl: readCannedAcl(request.headers),
      });
      return { headers: { location: `/${request.bucketName}` } };
    },
  },
  {
    name: "HeadBucket",
    method: "HEAD",
    scope: "bucket",
    selectors: [],
    action: "s3:ListBucket",
    need: "read",
    handle: (_state, { bucket }) => ({ headers: { "x-amz-bucket-region": bucket.region } }),
  },
  {
    name: "DeleteBucket",
    method: "DELETE",
    scope: "bucket",
    selectors: [],
    action: "s3:DeleteBucket",
    need: "manage",
    handle: async (state, { bucket }) => {
      if (!state.objects.isEmpty(bucket.name)) {
        throw new S3Error("BucketNotEmpty", "The bucket you tried to delete is not empty.", {
          details: { BucketName: bucket.name },
        });
      }
      const uploads = state.uploadsOf(bucket.name);
      state.deleteBucket(bucket.name);
      for (const upload of uploads) state.uploads.delete(upload.id);
      await state.blobs.remove(uploads.flatMap((upload) => upload.parts.map((part) => part.segment)));
      return noContent;
    },
  },
  {
    name: "GetBucketLocation",
    method: "GET",
    scope: "bucket",
    selectors: ["location"],
    action: "s3:GetBucketLocation",
    need: "read",
    handle: (_state, { bucket }) => xmlResponse("LocationConstraint", { "#text": bucket.region }),
  },
];

function checkName(name: string): void {
  const problem = nameProblem(name);
  if (problem !== undefined) {
    throw new S3Error("InvalidBucketName", `The specified bucket is not valid: "${name}" ${problem}.`, {
      details: { BucketName: name },
    });
  }
}

function nameProblem(name: string): string | undefined {
  if (name.length < 3 || name.length > 63) return "must have 3 to 63 characters";
  if (!/^[a-z0-9][a-z0-9.-]*[a-z0-9]$/.test(name)) {
    return "may hold lower-case letters, digits, hyphens and periods, and must begin and end with a letter or digit";
  }
  if (/\.\.|\.-|-\./.test(name)) return "must not hold a period beside a period or hyphen";
  return isIP(name) === 0 ? undefined : "must not look like an IP address";
}

/**
 * The region of a new bucket: the endpoint's; where the host names none, the body's location constraint, the
 * region the client signed for, or the default.
 */
async function chooseRegion(request: NewBucketRequest): Promise<string> {
  const document = await request.payload.text();
  const constraint =
    document.trim() === ""
      ? undefined
      : parseXml(document, "CreateBucketConfiguration").textOf("LocationConstraint") || undefined;
  if (constraint !== undefined && !spacesRegions.includes(constraint)) {
    throw new S3Error(
      "InvalidLocationConstraint",
      `The specified location-constraint is not valid: "${constraint}" is none of ${spacesRegions.join(", ")}.`,
    );
  }
  if (constraint !== undefined && request.region !== undefined && constraint !== request.region) {
    throw new S3Error(
      "IllegalLocationConstraintException",
      `The ${constraint} location constraint is incompatible for the region specific endpoint this request was sent to (${request.region}).`,
    );
  }
  return request.region ?? constraint ?? defaultRegion;
}
