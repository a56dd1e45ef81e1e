import { S3Error } from "../errors.ts";
import type { Bucket, CannedAcl, SpacesGrant, SpacesKey } from "../model.ts";
import { judgePolicy, type PolicySubject } from "../policy.ts";

/** Who asks: the sandbox's own key, a key made by the API with its grants, or nobody in particular. */
export type Caller =
  | { readonly kind: "owner"; readonly accessKey: string }
  | { readonly kind: "key"; readonly key: SpacesKey }
  | { readonly kind: "anonymous" };

/** What an operation needs: to read objects, to write them, or to manage buckets and their settings. */
export type Need = "read" | "write" | "manage";

const satisfies: Readonly<Record<SpacesGrant["permission"], readonly Need[]>> = {
  read: ["read"],
  readwrite: ["read", "write"],
  fullaccess: ["read", "write", "manage"],
};

/** What there is to know for deciding on a request. */
export interface AccessQuestion {
  readonly caller: Caller;
  readonly need: Need;
  readonly action: string;
  /** The bucket the request is about; undefined for listing buckets and for making one. */
  readonly bucket: Bucket | undefined;
  readonly key?: string;
  /** The ACL under which an anonymous reader may still read: the object's, or the bucket's for a listing. */
  readonly readableUnder: CannedAcl | undefined;
  readonly conditions: PolicySubject["conditions"];
}

/** @throws S3Error AccessDenied */
export function authorise(question: AccessQuestion): void {
  const verdict = judge(question);
  // The account's owner can always reach the policy itself: else a wrong policy could never be taken back.
  const owns = ownsEverything(question.caller);
  if (verdict === "Deny" && !(owns && question.action.endsWith("BucketPolicy"))) throw denied(question);
  if (owns || verdict === "Allow" || grantAllows(question)) return;
  if (question.need === "read" && question.readableUnder === "public-read") return;
  throw denied(question);
}

/** Whether the caller may do anything in any bucket. */
export function ownsEverything(caller: Caller): boolean {
  if (caller.kind === "owner") return true;
  return (
    caller.kind === "key" &&
    caller.key.grants.some((grant) => grant.permission === "fullaccess" && grant.bucket === "")
  );
}

/** Whether the caller has any grant on that bucket. */
export function mayKnow(caller: Caller, bucket: string): boolean {
  return (
    ownsEverything(caller) ||
    (caller.kind === "key" && caller.key.grants.some((grant) => grant.bucket === bucket))
  );
}

function judge(question: AccessQuestion): "Allow" | "Deny" | undefined {
  const { bucket, caller } = question;
  if (bucket?.policy === undefined) return undefined;
  const accessKey =
    caller.kind === "owner" ? caller.accessKey : caller.kind === "key" ? caller.key.accessKey : undefined;
  return judgePolicy(bucket.policy, {
    action: question.action,
    bucket: bucket.name,
    conditions: question.conditions,
    ...(question.key === undefined ? {} : { key: question.key }),
    ...(accessKey === undefined ? {} : { accessKey }),
  });
}

function grantAllows({ caller, need, action, bucket }: AccessQuestion): boolean {
  if (caller.kind !== "key") return false;
  // Every key may list buckets, and sees those it has a grant on.
  if (action === "s3:ListAllMyBuckets") return true;
  return caller.key.grants.some(
    (grant) =>
      bucket !== undefined && grant.bucket === bucket.name && satisfies[grant.permission].includes(need),
  );
}

function denied(question: AccessQuestion): S3Error {
  return new S3Error("AccessDenied", "Access Denied", {
    details: question.bucket === undefined ? {} : { BucketName: question.bucket.name },
  });
}
