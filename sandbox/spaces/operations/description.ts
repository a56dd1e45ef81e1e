import type { IncomingHttpHeaders } from "node:http";
import { S3Error } from "../errors.ts";
import type { ObjectDescription, StoredVersion } from "../model.ts";
import { readCannedAcl } from "./acl.ts";

const keptHeaders = [
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-type",
  "expires",
];
const metadataPrefix = "x-amz-meta-";
const maxMetadataBytes = 2048;
const maxKeyBytes = 1024;
const maxTags = 10;

/** Checks the key of an object that is to be written. @throws S3Error KeyTooLongError */
export function checkKey(key: string): void {
  if (Buffer.byteLength(key) > maxKeyBytes) {
    throw new S3Error("KeyTooLongError", `Your key is too long: it may have ${maxKeyBytes} bytes of UTF-8.`);
  }
}

/** What the headers of a request say of the object it writes. @throws S3Error */
export function readDescription(headers: IncomingHttpHeaders): ObjectDescription {
  return {
    headers: readHeaders(headers),
    metadata: readMetadata(headers),
    tags: readTags(headers),
    acl: readCannedAcl(headers),
  };
}

/** The headers with which an object is answered. */
export function objectHeaders(version: StoredVersion): Record<string, string> {
  const tagCount = Object.keys(version.tags).length;
  return {
    ...version.headers,
    ...Object.fromEntries(
      Object.entries(version.metadata).map(([name, value]) => [metadataPrefix + name, value]),
    ),
    "accept-ranges": "bytes",
    etag: `"${version.etag}"`,
    "last-modified": new Date(version.lastModified).toUTCString(),
    ...(tagCount > 0 ? { "x-amz-tagging-count": String(tagCount) } : {}),
    ...versionHeader(version.versionId),
  };
}

/** The header that names a version, where the bucket was versioned when it was written. */
export function versionHeader(versionId: string): Record<string, string> {
  return versionId === "null" ? {} : { "x-amz-version-id": versionId };
}

/** Checks a set of tags. @throws S3Error InvalidTag */
export function checkTags(tags: readonly (readonly [key: string, value: string])[]): Record<string, string> {
  const keys = tags.map(([key]) => key);
  const wrong = tags.find(([key, value]) => key === "" || key.length > 128 || value.length > 256);
  if (tags.length > maxTags || wrong !== undefined || new Set(keys).size !== keys.length) {
    throw new S3Error(
      "InvalidTag",
      `An object has at most ${maxTags} tags, each once, with a key of 1 to 128 and a value of 0 to 256 characters.`,
    );
  }
  return Object.fromEntries(tags);
}

function readHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const kept = keptHeaders.flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [[name, String(value)] as const];
  });
  const described = Object.fromEntries(kept);
  // The framing of the request is not part of the object.
  const encoding = (described["content-encoding"] ?? "")
    .replace(/(^|,\s*)aws-chunked(?=\s*,|$)/, "")
    .replace(/^,\s*/, "");
  const { "content-encoding": _framed, ...rest } = described;
  return {
    "content-type": "binary/octet-stream",
    ...rest,
    ...(encoding === "" ? {} : { "content-encoding": encoding }),
  };
}

function readMetadata(headers: IncomingHttpHeaders): Record<string, string> {
  const entries = Object.entries(headers)
    .filter(([name]) => name.startsWith(metadataPrefix))
    .map(([name, value]) => [name.slice(metadataPrefix.length), String(value)] as const);
  if (
    entries.reduce((sum, [name, value]) => sum + name.length + Buffer.byteLength(value), 0) > maxMetadataBytes
  ) {
    throw new S3Error(
      "MetadataTooLarge",
      `Your metadata headers exceed the maximum of ${maxMetadataBytes} bytes.`,
    );
  }
  return Object.fromEntries(entries);
}

function readTags(headers: IncomingHttpHeaders): Record<string, string> {
  return checkTags([...new URLSearchParams(String(headers["x-amz-tagging"] ?? ""))]);
}
