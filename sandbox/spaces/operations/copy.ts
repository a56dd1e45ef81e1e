import { S3Error } from "../errors.ts";
import type { StoredVersion } from "../model.ts";
import type { SpacesState } from "../state.ts";
import { newVersionId } from "../version-id.ts";
import { checkReadConditions } from "./conditions.ts";
import { checkKey, readDescription, versionHeader } from "./description.ts";
import { type ObjectRequest, type Operation, xmlResponse } from "./operation.ts";

/** Objects are copied. */
export const copyOperations: readonly Operation[] = [
  {
    name: "CopyObject",
    method: "PUT",
    scope: "object",
    selectors: ["x-amz-copy-source"],
    action: "s3:PutObject",
    need: "write",
    handle: async (state, request) => {
      const { bucket, key, headers } = request;
      checkKey(key);
      const source = findCopySource(state, request);
      const replaces = headers["x-amz-metadata-directive"] === "REPLACE";
      if (source.isSelf(bucket.name, key) && !replaces) {
        throw new S3Error(
          "InvalidRequest",
          "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata.",
        );
      }
      const given = readDescription(headers);
      const { version } = source;
      const described = replaces ? given : { headers: version.headers, metadata: version.metadata };
      const tags = headers["x-amz-tagging-directive"] === "REPLACE" ? given.tags : version.tags;
      const segments =
        version.sizeBytes === 0 ? [] : [await state.blobs.write(state.blobs.read(version.segments))];
      const versionId = newVersionId(state.findBucket(bucket.name) ?? bucket);
      const lastModified = request.now.toISOString();
      await state.putVersion(bucket.name, key, {
        ...version,
        headers: described.headers,
        metadata: described.metadata,
        tags,
        acl: given.acl,
        versionId,
        lastModified,
        segments,
      });
      return xmlResponse(
        "CopyObjectResult",
        { LastModified: lastModified, ETag: `"${version.etag}"` },
        { ...versionHeader(versionId), ...sourceHeader(version) },
      );
    },
  },
];

/** The object a copy reads, and whether that is the object it writes. */
export interface CopySource {
  readonly version: StoredVersion;
  readonly isSelf: (bucket: string, key: string) => boolean;
}

/**
 * The object that `x-amz-copy-source` names, which the caller may read and whose conditions hold.
 *
 * @throws S3Error
 */
export function findCopySource(state: SpacesState, request: ObjectRequest): CopySource {
  const header = String(request.headers["x-amz-copy-source"]);
  const [path = "", query = ""] = header.replace(/^\//, "").split("?");
  const decoded = decode(path);
  const slash = decoded.indexOf("/");
  if (slash < 1 || slash === decoded.length - 1) {
    throw new S3Error(
      "InvalidArgument",
      "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
    );
  }
  const [bucketName, key] = [decoded.slice(0, slash), decoded.slice(slash + 1)];
  request.authoriseRead(state.bucket(bucketName), key);
  const versionId = new URLSearchParams(query).get("versionId") ?? undefined;
  const version = state.object(bucketName, key, versionId);
  checkReadConditions(request.headers, version, "x-amz-copy-source-");
  return {
    version,
    isSelf: (bucket, otherKey) => versionId === undefined && bucket === bucketName && otherKey === key,
  };
}

/** The header that names the version that was copied. */
export function sourceHeader(version: StoredVersion): Record<string, string> {
  return version.versionId === "null" ? {} : { "x-amz-copy-source-version-id": version.versionId };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new S3Error("InvalidArgument", "Copy Source must be percent-encoded UTF-8.");
  }
}
