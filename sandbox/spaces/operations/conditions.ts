import type { IncomingHttpHeaders } from "node:http";
import { S3Error } from "../errors.ts";
import type { StoredVersion, Version } from "../model.ts";

/**
 * Checks the conditional headers of a read, or with `x-amz-copy-source-` before them those of a copy's source.
 *
 * @throws S3Error PreconditionFailed, NotModified
 */
export function checkReadConditions(headers: IncomingHttpHeaders, version: StoredVersion, prefix = ""): void {
  const header = (name: string) => text(headers[`${prefix}${name}`]);
  const modifiedMs = Math.floor(Date.parse(version.lastModified) / 1000) * 1000;
  const ifMatch = header("if-match");
  const ifNoneMatch = header("if-none-match");
  if (ifMatch !== undefined && !matchesEtag(ifMatch, version.etag)) throw failed("If-Match");
  const unmodifiedSince = ifMatch === undefined ? header("if-unmodified-since") : undefined;
  if (unmodifiedSince !== undefined && modifiedMs > Date.parse(unmodifiedSince))
    throw failed("If-Unmodified-Since");
  const modifiedSince = ifNoneMatch === undefined ? header("if-modified-since") : undefined;
  const unchanged =
    (ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, version.etag)) ||
    (modifiedSince !== undefined && modifiedMs <= Date.parse(modifiedSince));
  if (!unchanged) return;
  // A copy has no "not modified" to answer with.
  if (prefix !== "") throw failed("If-None-Match or If-Modified-Since");
  throw new S3Error("NotModified", "Not Modified", {
    headers: { etag: `"${version.etag}"`, "last-modified": new Date(version.lastModified).toUTCString() },
  });
}

/**
 * Checks the conditional headers of a write against what is there: `If-None-Match: *` and `If-Match`.
 *
 * @throws S3Error PreconditionFailed; NoSuchKey where `If-Match` asks for an object that is not there
 */
export function checkWriteConditions(headers: IncomingHttpHeaders, current: Version | undefined): void {
  const ifNoneMatch = text(headers["if-none-match"]);
  const ifMatch = text(headers["if-match"]);
  if (ifNoneMatch !== undefined && ifNoneMatch !== "*") {
    throw new S3Error("NotImplemented", "If-None-Match of a write takes only *.");
  }
  if (ifNoneMatch !== undefined && current?.kind === "object") throw failed("If-None-Match");
  if (ifMatch === undefined) return;
  if (current?.kind !== "object") throw new S3Error("NoSuchKey", "The specified key does not exist.");
  if (!matchesEtag(ifMatch, current.etag)) throw failed("If-Match");
}

function matchesEtag(list: string, etag: string): boolean {
  return list.split(",").some((each) => {
    const wanted = each.trim().replace(/^W\//, "").replaceAll('"', "");
    return wanted === "*" || wanted === etag;
  });
}

function text(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(",") : value;
}

function failed(condition: string): S3Error {
  return new S3Error("PreconditionFailed", "At least one of the pre-conditions you specified did not hold.", {
    details: { Condition: condition },
  });
}
