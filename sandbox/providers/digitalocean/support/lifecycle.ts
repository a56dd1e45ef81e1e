import type { LifecycleRule } from "@aws-sdk/client-s3";
import { isPlainMap, type PlainMap } from "../dsl/wire.ts";

/** A lifecycle rule as S3 has it. */
export function toLifecycle(rule: PlainMap): LifecycleRule {
  const expiration = isPlainMap(rule.expiration) ? rule.expiration : undefined;
  const noncurrent = isPlainMap(rule.noncurrentVersionExpiration)
    ? rule.noncurrentVersionExpiration
    : undefined;
  const uploads = rule.abortIncompleteMultipartUploadDays;
  return {
    ...(rule.id === undefined ? {} : { ID: String(rule.id) }),
    Status: rule.enabled === true ? "Enabled" : "Disabled",
    Filter: { Prefix: String(rule.prefix ?? "") },
    ...(expiration === undefined
      ? {}
      : {
          Expiration: {
            ...(expiration.days === undefined ? {} : { Days: Number(expiration.days) }),
            ...(expiration.date === undefined
              ? {}
              : { Date: new Date(`${String(expiration.date)}T00:00:00Z`) }),
            ...(expiration.expiredObjectDeleteMarker === true ? { ExpiredObjectDeleteMarker: true } : {}),
          },
        }),
    ...(noncurrent?.days === undefined
      ? {}
      : { NoncurrentVersionExpiration: { NoncurrentDays: Number(noncurrent.days) } }),
    ...(uploads === undefined
      ? {}
      : { AbortIncompleteMultipartUpload: { DaysAfterInitiation: Number(uploads) } }),
  };
}

/** A lifecycle rule of S3 as a document. */
export function fromLifecycle(rule: LifecycleRule): PlainMap {
  const { Expiration: expiration, NoncurrentVersionExpiration: noncurrent } = rule;
  const uploads = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
  return {
    id: rule.ID ?? "",
    enabled: rule.Status === "Enabled",
    prefix: rule.Filter?.Prefix ?? "",
    ...(expiration === undefined
      ? {}
      : {
          expiration: {
            ...(expiration.Days === undefined ? {} : { days: expiration.Days }),
            ...(expiration.Date === undefined
              ? {}
              : { date: new Date(expiration.Date).toISOString().slice(0, 10) }),
            ...(expiration.ExpiredObjectDeleteMarker === true ? { expired_object_delete_marker: true } : {}),
          },
        }),
    ...(noncurrent?.NoncurrentDays === undefined
      ? {}
      : { noncurrent_version_expiration: { days: noncurrent.NoncurrentDays } }),
    ...(uploads === undefined ? {} : { abort_incomplete_multipart_upload_days: uploads }),
  };
}
