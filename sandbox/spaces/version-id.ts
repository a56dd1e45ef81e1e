import { randomBytes } from "node:crypto";
import type { Bucket } from "./model.ts";

/** The id of the version that a write to this bucket makes. */
export function newVersionId(bucket: Bucket): string {
  return bucket.versioning === "Enabled" ? randomBytes(24).toString("base64url") : "null";
}
