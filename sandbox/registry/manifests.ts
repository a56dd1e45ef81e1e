import type { Address } from "./address.ts";
import type { Reference } from "./blobs.ts";
import { digestOf, isDigest, requireDigest, requireSameDigest } from "./digest.ts";
import { RegistryError } from "./errors.ts";
import { indexType, readManifest } from "./manifest.ts";
import type { Manifest, Repository } from "./model.ts";
import { type RegistryRequest, type RegistryResponse, url } from "./operation.ts";
import { requireRoom } from "./rules.ts";

const largestManifestBytes = 4 * 1024 ** 2;
const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

/** A manifest, byte for byte as it was pushed. */
export function readManifestOf({ contents }: RegistryRequest, address: Reference): RegistryResponse {
  const manifest = requireManifest(contents, address);
  return {
    status: 200,
    headers: {
      "content-type": manifest.mediaType,
      "content-length": manifest.sizeBytes,
      "docker-content-digest": manifest.digest,
      etag: `"${manifest.digest}"`,
    },
    body: () => contents.manifestText(manifest),
  };
}

/** Takes a manifest whose parts are all there, under a tag or under its digest. */
export async function putManifest(request: RegistryRequest, address: Reference): Promise<RegistryResponse> {
  const { contents, headers, now, rules } = request;
  const { reference } = address;
  const tag = isDigest(reference) ? undefined : requireTag(reference);
  const bytes = await readBody(request);
  const digest = digestOf(bytes, tag === undefined ? reference : undefined);
  if (tag === undefined) requireSameDigest(reference, digest);
  const text = bytes.toString("utf8");
  if (!Buffer.from(text).equals(bytes)) throw new RegistryError("MANIFEST_INVALID", "manifest is not UTF-8");
  const facts = readManifest(text, headers["content-type"] ?? "");
  requireParts(request, address, facts);
  requireRoom(rules, contents, address, bytes.length);
  const content = { text, digest, now, ...(tag !== undefined && { tag }) };
  contents.putManifest(address, facts, content);
  return {
    status: 201,
    headers: {
      location: url(address, `manifests/${digest}`),
      "docker-content-digest": digest,
      ...(facts.subject !== undefined && { "oci-subject": facts.subject }),
    },
  };
}

/** Deletes a tag, or a manifest with all its tags. */
export function deleteManifest({ contents }: RegistryRequest, address: Reference): RegistryResponse {
  const manifest = requireManifest(contents, address);
  const { reference } = address;
  if (isDigest(reference)) contents.removeManifest(manifest);
  else contents.removeTag({ ...manifest, tag: reference, updatedAt: "" });
  return { status: 202, headers: {} };
}

/** A page of a repository's tags, in lexical order. */
export function listTags({ contents, query }: RegistryRequest, address: Address): RegistryResponse {
  if (contents.manifests(address).length === 0) {
    throw new RegistryError("NAME_UNKNOWN", "repository name not known to registry", {
      detail: { name: nameOf(address) },
    });
  }
  const limit = query.get("n");
  if (limit !== null && !/^\d+$/.test(limit)) {
    throw new RegistryError("PAGINATION_NUMBER_INVALID", "invalid number of results requested", {
      detail: { n: limit },
    });
  }
  const last = query.get("last") ?? "";
  const all = contents.tags(address).map(({ tag }) => tag);
  const behind = last === "" ? all : all.filter((tag) => tag > last);
  const tags = limit === null ? behind : behind.slice(0, Number(limit));
  const next = tags.length < behind.length ? tags.at(-1) : undefined;
  const link = `<${url(address, "tags/list")}?n=${limit}&last=${next}>; rel="next"`;
  return {
    status: 200,
    headers: { "content-type": "application/json", ...(next !== undefined && { link }) },
    body: () => JSON.stringify({ name: nameOf(address), tags }),
  };
}

/** What is said of a manifest by others (signatures, bills of materials), as an index. */
export function listReferrers({ contents, query }: RegistryRequest, address: Reference): RegistryResponse {
  const subject = requireDigest(address.reference);
  const artifactType = query.get("artifactType");
  const referrers = contents
    .manifests(address)
    .filter((each) => each.subject === subject)
    .filter((each) => artifactType === null || each.artifactType === artifactType);
  const index = { schemaVersion: 2, mediaType: indexType, manifests: referrers.map(descriptorOf) };
  return {
    status: 200,
    headers: {
      "content-type": indexType,
      ...(artifactType !== null && { "oci-filters-applied": "artifactType" }),
    },
    body: () => JSON.stringify(index),
  };
}

const descriptorOf = ({ mediaType, digest, sizeBytes, artifactType, annotations }: Manifest) => ({
  mediaType,
  digest,
  size: sizeBytes,
  ...(artifactType !== undefined && { artifactType }),
  ...(annotations !== undefined && { annotations }),
});

const nameOf = ({ registry, repository }: Repository) => `${registry}/${repository}`;

function requireManifest(contents: RegistryRequest["contents"], address: Reference): Manifest {
  const { reference } = address;
  if (reference.includes(":")) requireDigest(reference);
  const manifest = contents.manifest(address, reference);
  if (manifest !== undefined) return manifest;
  throw new RegistryError("MANIFEST_UNKNOWN", "manifest unknown", {
    detail: { name: nameOf(address), reference },
  });
}

function requireTag(reference: string): string {
  if (reference.includes(":")) requireDigest(reference);
  if (tagPattern.test(reference)) return reference;
  throw new RegistryError("TAG_INVALID", "manifest tag did not match URI", { detail: { tag: reference } });
}

/** @throws RegistryError MANIFEST_BLOB_UNKNOWN that names everything the repository lacks */
function requireParts(
  { contents }: RegistryRequest,
  address: Reference,
  { blobs, manifests }: Pick<Manifest, "blobs" | "manifests">,
): void {
  const missing = [
    ...blobs.flatMap(({ digest }) => (contents.blob(address, digest) === undefined ? digest : [])),
    ...manifests.flatMap((digest) => (contents.manifest(address, digest) === undefined ? digest : [])),
  ];
  if (missing.length > 0) {
    throw new RegistryError("MANIFEST_BLOB_UNKNOWN", "manifest names what is unknown to registry", {
      detail: { digests: missing },
    });
  }
  const wrong = blobs.filter(
    ({ digest, sizeBytes }) => contents.blob(address, digest)?.sizeBytes !== sizeBytes,
  );
  if (wrong.length > 0) {
    throw new RegistryError("SIZE_INVALID", "manifest names sizes that its blobs do not have", {
      detail: { digests: wrong.map(({ digest }) => digest) },
    });
  }
}

async function readBody({ body }: RegistryRequest): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.length;
    if (sizeBytes > largestManifestBytes) {
      throw new RegistryError("MANIFEST_INVALID", `manifest is larger than ${largestManifestBytes} bytes`, {
        status: 413,
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
