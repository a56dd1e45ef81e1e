import { createHash, randomUUID } from "node:crypto";
import { S3Error } from "../errors.ts";
import type { Part, Segment, Upload } from "../model.ts";
import { compareKeys } from "../objects.ts";
import type { SpacesState } from "../state.ts";
import { newVersionId } from "../version-id.ts";
import { parseXml, type XmlElement } from "../xml.ts";
import { checkWriteConditions } from "./conditions.ts";
import { findCopySource, sourceHeader } from "./copy.ts";
import { checkKey, readDescription, versionHeader } from "./description.ts";
import { readListParameters } from "./listing.ts";
import { readRange } from "./objects.ts";
import { accountOwner, noContent, type ObjectRequest, type Operation, xmlResponse } from "./operation.ts";

const maxPartNumber = 10_000;
/** 5 MiB: what every part but the last must have. */
const minPartBytes = 5 * 1024 ** 2;

/** Objects are uploaded in parts. */
export const multipartOperations: readonly Operation[] = [
  {
    name: "CreateMultipartUpload",
    method: "POST",
    scope: "object",
    selectors: ["uploads"],
    action: "s3:PutObject",
    need: "write",
    handle: (state, { bucket, key, headers, now }) => {
      checkKey(key);
      const id = randomUUID();
      state.uploads.put(id, {
        ...readDescription(headers),
        id,
        bucket: bucket.name,
        key,
        initiatedAt: now.toISOString(),
        parts: [],
      });
      return xmlResponse("InitiateMultipartUploadResult", { Bucket: bucket.name, Key: key, UploadId: id });
    },
  },
  {
    name: "UploadPart",
    method: "PUT",
    scope: "object",
    selectors: ["partNumber", "uploadId"],
    action: "s3:PutObject",
    need: "write",
    handle: async (state, request) => {
      findUpload(state, request);
      const number = readPartNumber(request);
      const segment = await state.blobs.write(request.payload.stream());
      const { md5Hex, checksum } = request.payload.facts;
      await addPart(state, request, { number, segment, etag: md5Hex, ...(checksum ? { checksum } : {}) });
      return {
        headers: {
          etag: `"${md5Hex}"`,
          ...(checksum ? { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value } : {}),
        },
      };
    },
  },
  {
    name: "UploadPartCopy",
    method: "PUT",
    scope: "object",
    selectors: ["partNumber", "uploadId", "x-amz-copy-source"],
    action: "s3:PutObject",
    need: "write",
    handle: async (state, request) => {
      findUpload(state, request);
      const number = readPartNumber(request);
      const { version } = findCopySource(state, request);
      const range = readRange(request.headers["x-amz-copy-source-range"]?.toString(), version.sizeBytes);
      const md5 = createHash("md5");
      const segment = await state.blobs.write(hashing(state.blobs.read(version.segments, range), md5));
      const etag = md5.digest("hex");
      const lastModified = await addPart(state, request, { number, segment, etag });
      return xmlResponse(
        "CopyPartResult",
        { LastModified: lastModified, ETag: `"${etag}"` },
        sourceHeader(version),
      );
    },
  },
  {
    name: "CompleteMultipartUpload",
    method: "POST",
    scope: "object",
    selectors: ["uploadId"],
    action: "s3:PutObject",
    need: "write",
    handle: completeUpload,
  },
  {
    name: "AbortMultipartUpload",
    method: "DELETE",
    scope: "object",
    selectors: ["uploadId"],
    action: "s3:AbortMultipartUpload",
    need: "write",
    handle: async (state, request) => {
      const upload = findUpload(state, request);
      state.uploads.delete(upload.id);
      await state.blobs.remove(upload.parts.map((part) => part.segment));
      return noContent;
    },
  },
  {
    name: "ListParts",
    method: "GET",
    scope: "object",
    selectors: ["uploadId"],
    action: "s3:ListMultipartUploadParts",
    need: "write",
    handle: (state, request) => {
      const upload = findUpload(state, request);
      const { maxKeys } = readListParameters(request, "max-parts");
      const marker = Number(request.query.get("part-number-marker") ?? 0);
      const rest = upload.parts.filter((part) => part.number > marker);
      const page = rest.slice(0, maxKeys);
      return xmlResponse("ListPartsResult", {
        Bucket: upload.bucket,
        Key: upload.key,
        UploadId: upload.id,
        Initiator: accountOwner,
        Owner: accountOwner,
        StorageClass: "STANDARD",
        PartNumberMarker: marker,
        NextPartNumberMarker: page.at(-1)?.number ?? 0,
        MaxParts: maxKeys,
        IsTruncated: page.length < rest.length,
        Part: page.map((part) => ({
          PartNumber: part.number,
          LastModified: part.lastModified,
          ETag: `"${part.etag}"`,
          Size: part.segment.sizeBytes,
        })),
      });
    },
  },
  {
    name: "ListMultipartUploads",
    method: "GET",
    scope: "bucket",
    selectors: ["uploads"],
    action: "s3:ListBucketMultipartUploads",
    need: "write",
    handle: (state, request) => {
      const { bucket, prefix, maxKeys } = readListParameters(request, "max-uploads");
      const keyMarker = request.query.get("key-marker") ?? "";
      const idMarker = request.query.get("upload-id-marker");
      // Within the marker's key the page goes on behind the marker's upload; without one, with the next key.
      const isPast = ({ key, id }: Upload) =>
        compareKeys(key, keyMarker) < 0 ||
        (key === keyMarker && (idMarker === undefined || compareKeys(id, idMarker) <= 0));
      const rest = state
        .uploadsOf(bucket)
        .filter((upload) => upload.key.startsWith(prefix))
        .sort((a, b) => compareKeys(a.key, b.key) || compareKeys(a.id, b.id))
        .filter((upload) => !isPast(upload));
      const page = rest.slice(0, maxKeys);
      const last = page.at(-1);
      return xmlResponse("ListMultipartUploadsResult", {
        Bucket: bucket,
        Prefix: prefix,
        KeyMarker: keyMarker,
        UploadIdMarker: idMarker,
        NextKeyMarker: last?.key,
        NextUploadIdMarker: last?.id,
        MaxUploads: maxKeys,
        IsTruncated: page.length < rest.length,
        Upload: page.map((upload) => ({
          Key: upload.key,
          UploadId: upload.id,
          Initiated: upload.initiatedAt,
          Initiator: accountOwner,
          Owner: accountOwner,
          StorageClass: "STANDARD",
        })),
      });
    },
  },
];

async function completeUpload(state: SpacesState, request: ObjectRequest) {
  const document = parseXml(await request.payload.text(), "CompleteMultipartUpload");
  const { bucket, key, headers } = request;
  const upload = findUpload(state, request);
  const parts = chooseParts(upload, document.all("Part"));
  checkWriteConditions(headers, state.objects.versions(bucket.name, key)[0]);
  const md5 = createHash("md5");
  for (const part of parts) md5.update(Buffer.from(part.etag, "hex"));
  const etag = `${md5.digest("hex")}-${parts.length}`;
  const versionId = newVersionId(state.findBucket(bucket.name) ?? bucket);
  const segments = parts.map((part) => part.segment);
  const written = state.putVersion(bucket.name, key, {
    kind: "object",
    headers: upload.headers,
    metadata: upload.metadata,
    tags: upload.tags,
    acl: upload.acl,
    versionId,
    lastModified: request.now.toISOString(),
    etag,
    sizeBytes: segments.reduce((sum, segment) => sum + segment.sizeBytes, 0),
    segments,
  });
  // With nothing in between: whoever aborted the upload now would take the object's bytes.
  state.uploads.delete(upload.id);
  await written;
  await state.blobs.remove(
    upload.parts.map((part) => part.segment).filter((each) => !segments.includes(each)),
  );
  return xmlResponse(
    "CompleteMultipartUploadResult",
    { Location: `/${bucket.name}/${key}`, Bucket: bucket.name, Key: key, ETag: `"${etag}"` },
    versionHeader(versionId),
  );
}

/** The parts that the client lists, in its order, which must be ascending. @throws S3Error */
function chooseParts(upload: Upload, listed: readonly XmlElement[]): Part[] {
  if (listed.length === 0)
    throw new S3Error("MalformedXML", "CompleteMultipartUpload needs at least one Part.");
  const parts = listed.map((element) => findPart(upload, element));
  if (parts.some((part, index) => index > 0 && part.number <= (parts[index - 1]?.number ?? 0))) {
    throw new S3Error("InvalidPartOrder", "The list of parts was not in ascending order.");
  }
  const small = parts.slice(0, -1).find((part) => part.segment.sizeBytes < minPartBytes);
  if (small !== undefined) {
    throw new S3Error("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
      details: { PartNumber: String(small.number), MinSizeAllowed: String(minPartBytes) },
    });
  }
  return parts;
}

function findPart(upload: Upload, element: XmlElement): Part {
  const number = element.integerOf("PartNumber", 1) ?? 0;
  const etag = element.require("ETag").replaceAll('"', "");
  const part = upload.parts.find((each) => each.number === number && each.etag === etag);
  if (part !== undefined) return part;
  throw new S3Error("InvalidPart", "One or more of the specified parts could not be found.", {
    details: { UploadId: upload.id, PartNumber: String(number), ETag: etag },
  });
}

function findUpload(state: SpacesState, { bucket, key, query }: ObjectRequest): Upload {
  return state.upload(bucket.name, key, query.get("uploadId") ?? "");
}

function readPartNumber({ query }: ObjectRequest): number {
  const text = query.get("partNumber") ?? "";
  if (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= maxPartNumber) return Number(text);
  throw new S3Error(
    "InvalidArgument",
    `Part number must be an integer between 1 and ${maxPartNumber}, inclusive`,
    {
      details: { ArgumentName: "partNumber", ArgumentValue: text },
    },
  );
}

/** Records a part over an earlier one of that number, and says when. */
async function addPart(
  state: SpacesState,
  request: ObjectRequest,
  part: Omit<Part, "lastModified">,
): Promise<string> {
  const lastModified = request.now.toISOString();
  const discarded: Segment[] = [];
  try {
    const upload = findUpload(state, request);
    const others = upload.parts.filter((each) => each.number !== part.number);
    const parts = [...others, { ...part, lastModified }].sort((a, b) => a.number - b.number);
    state.uploads.put(upload.id, { ...upload, parts });
    discarded.push(...upload.parts.filter((each) => !others.includes(each)).map((each) => each.segment));
  } catch (error) {
    // The upload was aborted or completed while the part was on its way.
    discarded.push(part.segment);
    throw error;
  } finally {
    await state.blobs.remove(discarded);
  }
  return lastModified;
}

async function* hashing(
  source: AsyncIterable<Uint8Array>,
  hash: { update(chunk: Uint8Array): unknown },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}
