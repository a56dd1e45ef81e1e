/** What lifecycle rules do, and when: S3 rounds up to the next midnight UTC, and so each of them acts in a night. */
import type { Bucket, LifecycleRule, Upload, Version } from "./model.ts";
import { newVersionId } from "./version-id.ts";

/** What lifecycle rules did in a bucket. */
export interface Expired {
  readonly bucket: string;
  /** Objects that got a delete marker over them. */
  readonly hidden: number;
  /** Versions and delete markers that are gone for good. */
  readonly removed: number;
  /** Uploads that were aborted. */
  readonly uploads: number;
}

const dayMs = 24 * 60 * 60 * 1000;

/** The last midnight UTC by then, in milliseconds since the epoch. */
export const lastNight = (timeMs: number): number => Math.floor(timeMs / dayMs) * dayMs;

/** The midnight UTC with which a time of `days` from then on is over. */
const nightAfter = (time: string, days = 0): number => Math.ceil(Date.parse(time) / dayMs + days) * dayMs;

/**
 * What is left of a key's versions after the nights up to `untilMs`, as if each had been waited for: what a rule makes in
 * one night, the next ones find.
 *
 * @param versions The newest first.
 * @returns `versions` itself where nothing is due.
 */
export function expireVersions(
  bucket: Bucket,
  key: string,
  versions: readonly Version[],
  untilMs: number,
): readonly Version[] {
  const rules = rulesOn(bucket, key);
  let left = versions;
  for (;;) {
    const night = Math.min(...left.map((_version, index) => nightOf(bucket, rules, left, index)));
    // Without a rule or a version it is infinity.
    if (night > untilMs || night === Number.POSITIVE_INFINITY) return left;
    left = afterNight(bucket, rules, left, night);
  }
}

/** The uploads that a rule has aborted by `untilMs`. */
export function expiredUploads(bucket: Bucket, uploads: readonly Upload[], untilMs: number): Upload[] {
  return uploads.filter((upload) =>
    rulesOn(bucket, upload.key).some(
      ({ abortIncompleteMultipartUploadDays: days }) =>
        days !== undefined && Math.max(nightAfter(upload.initiatedAt, days), firstNight(bucket)) <= untilMs,
    ),
  );
}

const rulesOn = ({ lifecycle = [] }: Bucket, key: string): LifecycleRule[] =>
  lifecycle.filter((rule) => rule.enabled && key.startsWith(rule.prefix));

/** New rules act on what is there already, from their first night on. */
const firstNight = ({ lifecycleSince, createdAt }: Bucket): number => nightAfter(lifecycleSince ?? createdAt);

/** When the version at this place goes, or as the current one gets a delete marker over it; infinity for never. */
function nightOf(
  bucket: Bucket,
  rules: readonly LifecycleRule[],
  versions: readonly Version[],
  index: number,
): number {
  const [version, successor] = [versions[index], versions[index - 1]];
  if (version === undefined) return Number.POSITIVE_INFINITY;
  const nights = rules.flatMap((rule) => {
    if (successor !== undefined) {
      // A version is noncurrent from the moment on in which the one after it was written.
      return rule.noncurrentDays === undefined ? [] : nightAfter(successor.lastModified, rule.noncurrentDays);
    }
    if (version.kind === "object") return expirationNight(rule, version) ?? [];
    if (versions.length > 1) return [];
    // A delete marker that hides nothing any more goes by any of the three.
    const isNamed = rule.expiration?.expiredObjectDeleteMarker === true;
    return isNamed ? nightAfter(version.lastModified) : (expirationNight(rule, version) ?? []);
  });
  return Math.max(Math.min(...nights), firstNight(bucket));
}

function expirationNight({ expiration }: LifecycleRule, { lastModified }: Version): number | undefined {
  if (expiration?.days !== undefined) return nightAfter(lastModified, expiration.days);
  // A date that has passed goes for what is written later too.
  if (expiration?.date !== undefined) return Math.max(Date.parse(expiration.date), nightAfter(lastModified));
  return undefined;
}

function afterNight(
  bucket: Bucket,
  rules: readonly LifecycleRule[],
  versions: readonly Version[],
  night: number,
): Version[] {
  const [current, ...noncurrent] = versions.filter(
    (_version, index) => index === 0 || nightOf(bucket, rules, versions, index) > night,
  );
  if (current === undefined) return [];
  if (nightOf(bucket, rules, versions, 0) > night) return [current, ...noncurrent];
  if (current.kind === "delete-marker" || bucket.versioning === undefined) return noncurrent;
  const marker: Version = {
    kind: "delete-marker",
    versionId: newVersionId(bucket),
    lastModified: new Date(night).toISOString(),
  };
  // Where versioning is suspended the marker takes the place of the version without an id.
  return [marker, ...[current, ...noncurrent].filter(({ versionId }) => versionId !== marker.versionId)];
}
