import type { RegistryContents } from "./contents.ts";
import { idOf, type Manifest, type Repository } from "./model.ts";

/** What a garbage collection takes: as the API's `type` says, either or both. */
export interface GarbageKinds {
  readonly untaggedManifests: boolean;
  readonly unreferencedBlobs: boolean;
}

/** What it has freed. */
export interface Freed {
  readonly blobsDeleted: number;
  readonly freedBytes: number;
}

/** Deletes what nobody can reach by a tag, and the bytes that no manifest names. */
export function collectGarbage(contents: RegistryContents, registry: string, kinds: GarbageKinds): Freed {
  let blobsDeleted = 0;
  let freedBytes = 0;
  if (kinds.untaggedManifests) {
    for (const repository of contents.repositories(registry)) {
      for (const manifest of untagged(contents, { registry, repository })) {
        contents.removeManifest(manifest);
        blobsDeleted += 1;
        freedBytes += manifest.sizeBytes;
      }
    }
  }
  if (kinds.unreferencedBlobs) {
    const { blobs, links } = contents.records;
    const named = new Set(
      contents.records.manifests
        .list()
        .filter((manifest) => manifest.registry === registry)
        .flatMap((manifest) => manifest.blobs.map(({ digest }) => digest)),
    );
    const garbage = blobs.list().filter((blob) => blob.registry === registry && !named.has(blob.digest));
    const digests = new Set(garbage.map(({ digest }) => digest));
    for (const link of links.list()) {
      if (link.registry === registry && digests.has(link.digest)) links.delete(idOf.link(link));
    }
    for (const blob of garbage) {
      blobs.delete(idOf.blob(blob));
      contents.files.removeBlob(blob);
      blobsDeleted += 1;
      freedBytes += blob.sizeBytes;
    }
  }
  return { blobsDeleted, freedBytes };
}

/** The manifests that no tag leads to: neither directly, nor as an image of an index, nor as what is said of such a one. */
function untagged(contents: RegistryContents, repository: Repository): Manifest[] {
  const manifests = contents.manifests(repository);
  const kept = new Set<string>();
  const keep = (digest: string): void => {
    if (kept.has(digest)) return;
    kept.add(digest);
    for (const manifest of manifests) {
      if (manifest.digest === digest) manifest.manifests.forEach(keep);
      else if (manifest.subject === digest) keep(manifest.digest);
    }
  };
  for (const tag of contents.tags(repository)) keep(tag.digest);
  return manifests.filter(({ digest }) => !kept.has(digest));
}
