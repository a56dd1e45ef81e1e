import { validateHeaderValue } from "node:http";
import type { ByteRange } from "../blobs.ts";
import { S3Error } from "../errors.ts";
import type { StoredVersion } from "../model.ts";
import type { SpacesState } from "../state.ts";
import { newVersionId } from "../version-id.ts";
import { parseXml, type XmlContent } from "../xml.ts";
import { checkReadConditions, checkWriteConditions } from "./conditions.ts";
import { checkKey, objectHeaders, readDescription, versionHeader } from "./description.ts";
import { type ObjectRequest, type Operation, type S3Response, xmlResponse } from "./operation.ts";
import { type Deletion, deleteObject } from "./versions.ts";

const maxDeletions = 1000;
const overridable = [
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-type",
  "expires",
];

/** Objects are written, read and deleted. */
export const objectOperations: readonly Operation[] = [
  {
    name: "PutObject",
    method: "PUT",
    scope: "object",
    selectors: [],
    action: "s3:PutObject",
    need: "write",
    handle: putObject,
  },
  {
    name: "GetObject",
    method: "GET",
    scope: "object",
    selectors: [],
    action: "s3:GetObject",
    need: "read",
    handle: (state, request) => {
      const { version, range, response } = describeRead(state, request);
      return { ...response, body: state.blobs.read(version.segments, range) };
    },
  },
  {
    name: "HeadObject",
    method: "HEAD",
    scope: "object",
    selectors: [],
    action: "s3:GetObject",
    need: "read",
    handle: (state, request) => describeRead(state, request).response,
  },
  {
    name: "DeleteObject",
    method: "DELETE",
    scope: "object",
    selectors: [],
    action: "s3:DeleteObject",
    need: "write",
    handle: async (state, { bucket, key, query, now }) => {
      const deletion = await deleteObject(state, bucket, key, query.get("versionId"), now);
      return { status: 204, headers: deletionHeaders(deletion) };
    },
  },
  {
    name: "DeleteObjects",
    method: "POST",
    scope: "bucket",
    selectors: ["delete"],
    action: "s3:DeleteObject",
    need: "write",
    handle: async (state, { bucket, payload, now }) => {
      const request = parseXml(await payload.text(), "Delete");
      const wanted = request.all("Object");
      if (wanted.length === 0 || wanted.length > maxDeletions) {
        throw new S3Error("MalformedXML", `Delete takes 1 to ${maxDeletions} objects, not ${wanted.length}.`);
      }
      // Before any goes: an empty key is nobody's, and a delete marker for it could not be reached again.
      if (wanted.some((object) => !object.first("Key")?.rawText())) {
        throw new S3Error("MalformedXML", "Each Object of a Delete needs a Key.");
      }
      const deleted: XmlContent[] = [];
      for (const object of wanted) {
        const key = object.first("Key")?.rawText() ?? "";
        const versionId = object.textOf("VersionId") || undefined;
        const deletion = await deleteObject(state, bucket, key, versionId, now);
        deleted.push({
          Key: key,
          VersionId: versionId,
          ...(deletion.deleteMarker ? { DeleteMarker: true, DeleteMarkerVersionId: deletion.versionId } : {}),
        });
      }
      return xmlResponse("DeleteResult", request.textOf("Quiet") === "true" ? {} : { Deleted: deleted });
    },
  },
];

async function putObject(state: SpacesState, request: ObjectRequest): Promise<S3Response> {
  const { bucket, key, headers, payload } = request;
  checkKey(key);
  const description = readDescription(headers);
  checkWriteConditions(headers, state.objects.versions(bucket.name, key)[0]);
  const segment = await state.blobs.write(payload.stream());
  try {
    // Again, and with nothing in between: another write may have come while these bytes were on their way.
    checkWriteConditions(headers, state.objects.versions(bucket.name, key)[0]);
  } catch (error) {
    await state.blobs.remove([segment]);
    throw error;
  }
  const { md5Hex, checksum } = payload.facts;
  const versionId = newVersionId(state.findBucket(bucket.name) ?? bucket);
  await state.putVersion(bucket.name, key, {
    kind: "object",
    ...description,
    versionId,
    lastModified: request.now.toISOString(),
    etag: md5Hex,
    sizeBytes: segment.sizeBytes,
    segments: segment.sizeBytes === 0 ? [] : [segment],
    ...(checksum ? { checksum } : {}),
  });
  if (segment.sizeBytes === 0) await state.blobs.remove([segment]);
  return {
    headers: {
      etag: `"${md5Hex}"`,
      ...versionHeader(versionId),
      ...(checksum ? { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value } : {}),
    },
  };
}

/** The headers that a request asks for in the place of the object's own. @throws S3Error InvalidArgument */
function readOverrides(query: ObjectRequest["query"]): Record<string, string> {
  const asked = overridable.flatMap((name) => {
    const value = query.get(`response-${name}`);
    return value === undefined ? [] : [[name, value] as const];
  });
  for (const [name, value] of asked) {
    try {
      validateHeaderValue(name, value);
    } catch {
      throw new S3Error("InvalidArgument", "Header value cannot be represented using ISO-8859-1.", {
        details: { ArgumentName: `response-${name}`, ArgumentValue: value },
      });
    }
  }
  return Object.fromEntries(asked);
}

function describeRead(
  state: SpacesState,
  request: ObjectRequest,
): { version: StoredVersion; range: ByteRange | undefined; response: S3Response } {
  const { bucket, key, headers, query } = request;
  const version = state.object(bucket.name, key, query.get("versionId"));
  checkReadConditions(headers, version);
  const range = readRange(headers.range, version.sizeBytes);
  const sizeBytes = range === undefined ? version.sizeBytes : range.last - range.first + 1;
  const wantsChecksum = headers["x-amz-checksum-mode"] === "ENABLED" && range === undefined;
  const overrides = readOverrides(query);
  return {
    version,
    range,
    response: {
      status: range === undefined ? 200 : 206,
      headers: {
        ...objectHeaders(version),
        ...overrides,
        "content-length": String(sizeBytes),
        ...(range ? { "content-range": `bytes ${range.first}-${range.last}/${version.sizeBytes}` } : {}),
        ...(wantsChecksum && version.checksum
          ? { [`x-amz-checksum-${version.checksum.algorithm}`]: version.checksum.value }
          : {}),
      },
    },
  };
}

/**
 * Reads a `Range` header of one range; what it does not understand it ignores, as HTTP wants.
 *
 * @throws S3Error InvalidRange where the range lies outside of the object
 */
export function readRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  const [first = "", last = ""] = match?.slice(1) ?? [];
  if (first === "" && last === "") return undefined;
  if (first !== "" && last !== "" && Number(first) > Number(last)) return undefined;
  const range =
    first === ""
      ? { first: Math.max(sizeBytes - Number(last), 0), last: sizeBytes - 1 }
      : {
          first: Number(first),
          last: Math.min(last === "" ? Number.POSITIVE_INFINITY : Number(last), sizeBytes - 1),
        };
  if (range.first > range.last) {
    throw new S3Error("InvalidRange", "The requested range is not satisfiable.", {
      details: { ActualObjectSize: String(sizeBytes), RangeRequested: header ?? "" },
      headers: { "content-range": `bytes */${sizeBytes}` },
    });
  }
  return range;
}

function deletionHeaders(deletion: Deletion): Record<string, string> {
  return {
    ...(deletion.versionId === undefined ? {} : versionHeader(deletion.versionId)),
    ...(deletion.deleteMarker ? { "x-amz-delete-marker": "true" } : {}),
  };
}
