import { S3Error } from "../errors.ts";
import type { StoredVersion, Version } from "../model.ts";
import { compareKeys } from "../objects.ts";
import type { SpacesState } from "../state.ts";
import type { XmlContent } from "../xml.ts";
import {
  accountOwner,
  type BucketRequest,
  type Operation,
  type S3Response,
  xmlResponse,
} from "./operation.ts";

const maxPage = 1000;

/** The objects of a bucket are listed: two forms of the newest versions, and all versions. */
export const listingOperations: readonly Operation[] = [
  {
    name: "ListObjects",
    method: "GET",
    scope: "bucket",
    selectors: [],
    action: "s3:ListBucket",
    need: "read",
    handle: (state, request) => {
      const after = request.query.get("marker") ?? "";
      const { parameters, page, text } = listNewest(state, request, after);
      return listResponse(parameters, page, text, {
        Marker: text(after),
        NextMarker: page.isTruncated ? text(page.lastName) : undefined,
      });
    },
  },
  {
    name: "ListObjectsV2",
    method: "GET",
    scope: "bucket",
    selectors: ["list-type"],
    action: "s3:ListBucket",
    need: "read",
    handle: (state, request) => {
      const token = request.query.get("continuation-token");
      const startAfter = request.query.get("start-after");
      const after = token === undefined ? (startAfter ?? "") : readToken(token);
      const { parameters, page, text } = listNewest(state, request, after);
      return listResponse(parameters, page, text, {
        KeyCount: page.entries.length + page.commonPrefixes.length,
        ContinuationToken: token,
        StartAfter: startAfter === undefined ? undefined : text(startAfter),
        NextContinuationToken: page.isTruncated ? writeToken(page.lastName) : undefined,
      });
    },
  },
  {
    name: "ListObjectVersions",
    method: "GET",
    scope: "bucket",
    selectors: ["versions"],
    action: "s3:ListBucketVersions",
    need: "read",
    handle: listVersions,
  },
];

/** Something that can be listed under a name. */
interface Entry<T> {
  readonly name: string;
  readonly value: T;
}

/** A page of a listing. */
interface Page<T> {
  readonly entries: readonly Entry<T>[];
  readonly commonPrefixes: readonly string[];
  readonly isTruncated: boolean;
  /** The last key or common prefix of the page: where the next one goes on. */
  readonly lastName: string;
}

interface ListParameters {
  readonly bucket: string;
  readonly prefix: string;
  readonly delimiter: string;
  readonly maxKeys: number;
  readonly encoding: string | undefined;
}

/**
 * One page: entries, which come in order, with what lies behind the delimiter rolled up into common prefixes.
 *
 * @param isPast whether an entry was on an earlier page
 */
export function paginate<T>(
  entries: Iterable<Entry<T>>,
  { prefix, delimiter, maxKeys }: Pick<ListParameters, "prefix" | "delimiter" | "maxKeys">,
  after: string,
  isPast: (entry: Entry<T>) => boolean,
): Page<T> {
  const page: Entry<T>[] = [];
  const commonPrefixes: string[] = [];
  let lastName = "";
  for (const entry of entries) {
    const end = delimiter === "" ? -1 : entry.name.indexOf(delimiter, prefix.length);
    const rolledUp = end === -1 ? undefined : entry.name.slice(0, end + delimiter.length);
    if (rolledUp === undefined ? isPast(entry) : rolledUp === lastName || compareKeys(rolledUp, after) <= 0)
      continue;
    if (page.length + commonPrefixes.length === maxKeys) {
      return { entries: page, commonPrefixes, isTruncated: maxKeys > 0, lastName };
    }
    if (rolledUp === undefined) page.push(entry);
    else commonPrefixes.push(rolledUp);
    lastName = rolledUp ?? entry.name;
  }
  return { entries: page, commonPrefixes, isTruncated: false, lastName };
}

/** Reads the parameters that all listings share. @throws S3Error InvalidArgument */
export function readListParameters(request: BucketRequest, maxName: string): ListParameters {
  const maximum = request.query.get(maxName) || String(maxPage);
  if (!/^\d{1,10}$/.test(maximum) || Number(maximum) > 2 ** 31 - 1) {
    throw new S3Error("InvalidArgument", `Argument ${maxName} must be an integer between 0 and 2147483647`, {
      details: { ArgumentName: maxName, ArgumentValue: maximum },
    });
  }
  const encoding = request.query.get("encoding-type");
  if (encoding !== undefined && encoding !== "url") {
    throw new S3Error("InvalidArgument", "Invalid Encoding Method specified in Request: only url is known.", {
      details: { ArgumentName: "encoding-type", ArgumentValue: encoding },
    });
  }
  return {
    bucket: request.bucket.name,
    prefix: request.query.get("prefix") ?? "",
    delimiter: request.query.get("delimiter") ?? "",
    maxKeys: Math.min(Number(maximum), maxPage),
    encoding,
  };
}

function listNewest(state: SpacesState, request: BucketRequest, after: string) {
  const parameters = readListParameters(request, "max-keys");
  const page = paginate(
    newestObjects(state, parameters),
    parameters,
    after,
    ({ name }) => compareKeys(name, after) <= 0,
  );
  return { parameters, page, text: encoder(parameters.encoding) };
}

function* newestObjects(
  state: SpacesState,
  { bucket, prefix }: ListParameters,
): Generator<Entry<StoredVersion>> {
  for (const { key, versions } of state.objects.records(bucket, prefix)) {
    const newest = versions[0];
    if (newest?.kind === "object") yield { name: key, value: newest };
  }
}

function listResponse(
  parameters: ListParameters,
  page: Page<StoredVersion>,
  text: (name: string) => string,
  position: { readonly [name: string]: XmlContent | undefined },
): S3Response {
  return xmlResponse("ListBucketResult", {
    ...sharedElements(parameters, page, text),
    ...position,
    Contents: page.entries.map(({ name, value }) => ({ Key: text(name), ...describeVersion(value) })),
  });
}

function listVersions(state: SpacesState, request: BucketRequest): S3Response {
  const parameters = readListParameters(request, "max-keys");
  const keyMarker = request.query.get("key-marker") ?? "";
  const versionMarker = request.query.get("version-id-marker");
  const text = encoder(parameters.encoding);
  // Within the marker's key the page goes on behind the marker's version; without one, with the next key.
  const passed = new Set<string>();
  if (versionMarker !== undefined) {
    for (const { versionId } of state.objects.versions(request.bucket.name, keyMarker)) {
      passed.add(versionId);
      if (versionId === versionMarker) break;
    }
  }
  const isPast = ({ name, value }: Entry<ListedVersion>) =>
    compareKeys(name, keyMarker) < 0 ||
    (name === keyMarker && (versionMarker === undefined || passed.has(value.version.versionId)));
  const page = paginate(allVersions(state, parameters), parameters, keyMarker, isPast);
  const last = page.entries.at(-1);
  const listed = (kind: Version["kind"]): XmlContent[] =>
    page.entries
      .filter(({ value }) => value.version.kind === kind)
      .map(({ name, value: { version, isLatest } }) => ({
        Key: text(name),
        VersionId: version.versionId,
        IsLatest: isLatest,
        ...(version.kind === "object"
          ? describeVersion(version)
          : { LastModified: version.lastModified, Owner: accountOwner }),
      }));
  return xmlResponse("ListVersionsResult", {
    ...sharedElements(parameters, page, text),
    KeyMarker: text(keyMarker),
    VersionIdMarker: versionMarker,
    NextKeyMarker: page.isTruncated ? text(page.lastName) : undefined,
    NextVersionIdMarker:
      page.isTruncated && last?.name === page.lastName ? last.value.version.versionId : undefined,
    Version: listed("object"),
    DeleteMarker: listed("delete-marker"),
  });
}

interface ListedVersion {
  readonly version: Version;
  readonly isLatest: boolean;
}

function* allVersions(
  state: SpacesState,
  { bucket, prefix }: ListParameters,
): Generator<Entry<ListedVersion>> {
  for (const { key, versions } of state.objects.records(bucket, prefix)) {
    for (const [index, version] of versions.entries())
      yield { name: key, value: { version, isLatest: index === 0 } };
  }
}

function sharedElements(
  { bucket, prefix, delimiter, maxKeys, encoding }: ListParameters,
  page: Page<unknown>,
  text: (name: string) => string,
): { [name: string]: XmlContent | undefined } {
  return {
    Name: bucket,
    Prefix: text(prefix),
    Delimiter: delimiter === "" ? undefined : text(delimiter),
    MaxKeys: maxKeys,
    EncodingType: encoding,
    IsTruncated: page.isTruncated,
    CommonPrefixes: page.commonPrefixes.map((name) => ({ Prefix: text(name) })),
  };
}

function describeVersion(version: StoredVersion): { [name: string]: XmlContent } {
  return {
    LastModified: version.lastModified,
    ETag: `"${version.etag}"`,
    Size: version.sizeBytes,
    StorageClass: "STANDARD",
    Owner: accountOwner,
  };
}

function encoder(encoding: string | undefined): (name: string) => string {
  return encoding === "url" ? (name) => encodeURIComponent(name).replaceAll("%2F", "/") : (name) => name;
}

function writeToken(name: string): string {
  return Buffer.from(name).toString("base64url");
}

function readToken(token: string): string {
  const name = Buffer.from(token, "base64url").toString("utf8");
  if (token !== "" && writeToken(name) === token) return name;
  throw new S3Error("InvalidArgument", "The continuation token provided is incorrect", {
    details: { ArgumentName: "continuation-token" },
  });
}
