import type { Address } from "./address.ts";
import type { RegistryContents } from "./contents.ts";
import { requireDigest } from "./digest.ts";
import { RegistryError } from "./errors.ts";
import type { Upload } from "./model.ts";
import { type RegistryRequest, type RegistryResponse, url } from "./operation.ts";
import { requireRoom } from "./rules.ts";

/** Begins an upload; does all of it when the digest is known, or when another repository has the blob. */
export async function beginUpload(request: RegistryRequest, address: Address): Promise<RegistryResponse> {
  const { contents, query, rules } = request;
  const mounted = query.get("mount");
  if (mounted !== null && mount(request, address, requireDigest(mounted), query.get("from"))) {
    return created(address, mounted);
  }
  requireRoom(rules, contents, address, 0);
  const digest = query.get("digest");
  if (digest !== null) requireDigest(digest);
  const upload = contents.beginUpload(address);
  return digest === null ? accepted(upload) : finish(request, upload, digest);
}

/** Whether the blob was there to be taken over, in a repository that the client may read. */
function mount(
  { contents, mayPull }: RegistryRequest,
  address: Address,
  digest: string,
  from: string | null,
): boolean {
  if (from === null || !from.startsWith(`${address.registry}/`) || !mayPull(from)) return false;
  const repository = from.slice(address.registry.length + 1);
  if (contents.blob({ registry: address.registry, repository }, digest) === undefined) return false;
  contents.link(address, digest);
  return true;
}

/** Takes the next chunk of an upload. */
export async function continueUpload(
  request: RegistryRequest,
  address: Reference,
): Promise<RegistryResponse> {
  const upload = request.contents.upload(address, address.reference);
  requireNext(upload, request.headers["content-range"]);
  return accepted(await request.contents.append(upload, request.body));
}

/** Takes the last chunk, if there is one, and makes the upload a blob. */
export async function finishUpload(request: RegistryRequest, address: Reference): Promise<RegistryResponse> {
  const upload = request.contents.upload(address, address.reference);
  const digest = request.query.get("digest");
  if (digest === null) {
    throw new RegistryError(
      "DIGEST_INVALID",
      "the parameter digest is missing: it says what the blob must be",
    );
  }
  requireDigest(digest);
  requireNext(upload, request.headers["content-range"]);
  return finish(request, upload, digest);
}

async function finish(
  { contents, body, rules }: RegistryRequest,
  upload: Upload,
  digest: string,
): Promise<RegistryResponse> {
  const whole = await contents.append(upload, body);
  try {
    requireRoom(rules, contents, upload, whole.sizeBytes);
  } catch (error) {
    contents.cancelUpload(whole);
    throw error;
  }
  await contents.finishUpload(whole, digest);
  return created(upload, digest);
}

/** How far an upload is. */
export function uploadStatus({ contents }: RegistryRequest, address: Reference): RegistryResponse {
  return { ...accepted(contents.upload(address, address.reference)), status: 204 };
}

/** Gives an upload up. */
export function cancelUpload({ contents }: RegistryRequest, address: Reference): RegistryResponse {
  contents.cancelUpload(contents.upload(address, address.reference));
  return { status: 204, headers: {} };
}

/** A blob, or a range of its bytes. */
export function readBlob({ contents, headers }: RegistryRequest, address: Reference): RegistryResponse {
  const blob = requireBlob(contents, address);
  const { digest, sizeBytes } = blob;
  const common = {
    "content-type": "application/octet-stream",
    "docker-content-digest": digest,
    "accept-ranges": "bytes",
    etag: `"${digest}"`,
  };
  const range = requestedRange(headers.range, sizeBytes);
  if (range === undefined) {
    return {
      status: 200,
      headers: { ...common, "content-length": sizeBytes },
      body: () => contents.files.read(blob),
    };
  }
  const { first, last } = range;
  return {
    status: 206,
    headers: {
      ...common,
      "content-length": last - first + 1,
      "content-range": `bytes ${first}-${last}/${sizeBytes}`,
    },
    body: () => contents.files.read(blob, range),
  };
}

/** Takes a blob from its repository. */
export function deleteBlob({ contents }: RegistryRequest, address: Reference): RegistryResponse {
  contents.unlink(address, requireBlob(contents, address).digest);
  return { status: 202, headers: {} };
}

/** An address that names one thing within its repository. */
export type Reference = Extract<Address, { readonly reference: string }>;

function requireBlob(contents: RegistryContents, address: Reference) {
  const digest = requireDigest(address.reference);
  const blob = contents.blob(address, digest);
  if (blob !== undefined) return blob;
  throw new RegistryError("BLOB_UNKNOWN", "blob unknown to registry", { detail: { digest } });
}

/** Chunks come in their order and without gaps. @throws RegistryError RANGE_INVALID with how far the upload is */
function requireNext(upload: Upload, contentRange: string | undefined): void {
  if (contentRange === undefined) return;
  const [, first, last] = /^(?:bytes[= ])?(\d+)-(\d+)$/.exec(contentRange) ?? [];
  if (first !== undefined && Number(first) === upload.sizeBytes && Number(last) >= Number(first)) return;
  throw new RegistryError(
    "RANGE_INVALID",
    "invalid content range: the chunk does not begin where the last ended",
    {
      headers: accepted(upload).headers as Record<string, string>,
      detail: { contentRange, sizeBytes: upload.sizeBytes },
    },
  );
}

/** @throws RegistryError RANGE_INVALID where none of the bytes exist */
function requestedRange(header: string | undefined, sizeBytes: number) {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (from === "" && to === "") return undefined;
  const first = from === "" ? Math.max(sizeBytes - Number(to), 0) : Number(from);
  const last = from === "" || to === "" ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (first <= last) return { first, last };
  throw new RegistryError("RANGE_INVALID", "invalid range", {
    headers: { "content-range": `bytes */${sizeBytes}` },
  });
}

function accepted({ registry, repository, id, sizeBytes }: Upload): RegistryResponse {
  return {
    status: 202,
    headers: {
      location: url({ registry, repository }, `blobs/uploads/${id}`),
      range: `0-${Math.max(sizeBytes - 1, 0)}`,
      "docker-upload-uuid": id,
    },
  };
}

function created(address: Pick<Upload, "registry" | "repository">, digest: string): RegistryResponse {
  return {
    status: 201,
    headers: { location: url(address, `blobs/${digest}`), "docker-content-digest": digest },
  };
}
