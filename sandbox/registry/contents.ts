import { randomUUID } from "node:crypto";
import type { Store } from "../store/store.ts";
import { requireSameDigest } from "./digest.ts";
import { RegistryError } from "./errors.ts";
import { RegistryFiles } from "./files.ts";
import type { ManifestFacts } from "./manifest.ts";
import {
  type Blob,
  idOf,
  type Manifest,
  type RegistryRecords,
  type Repository,
  registryRecords,
  sameRepository,
  type Tag,
  type Upload,
} from "./model.ts";

/** What all registries hold: records in the store, the bytes of blobs in files. */
export class RegistryContents {
  readonly records: RegistryRecords;
  readonly files: RegistryFiles;
  readonly #store: Store;
  /** Uploads that are being written: two writers would mix their bytes. */
  readonly #busy = new Set<string>();

  /** @param directory Where the bytes are kept; what a killed server left half done in it is removed. */
  constructor(store: Store, directory: string) {
    this.#store = store;
    this.records = registryRecords(store);
    this.files = new RegistryFiles(directory);
    const { uploads, blobs } = this.records;
    for (const upload of uploads.list()) {
      if (this.files.sizeOf(upload) < upload.sizeBytes) uploads.delete(upload.id);
    }
    this.files.sweep(blobs.list(), uploads.list());
  }

  /** The repositories of a registry by name: those that hold a manifest. */
  repositories(registry: string): string[] {
    const names = this.records.manifests
      .list()
      .flatMap((each) => (each.registry === registry ? each.repository : []));
    return [...new Set(names)].sort();
  }

  /** The manifests of a repository, the oldest first. */
  manifests(repository: Repository): Manifest[] {
    return this.records.manifests.list().filter((manifest) => sameRepository(manifest, repository));
  }

  /** The tags of a repository by name. */
  tags(repository: Repository): Tag[] {
    return this.records.tags
      .list()
      .filter((tag) => sameRepository(tag, repository))
      .sort((a, b) => (a.tag < b.tag ? -1 : 1));
  }

  /** The bytes of a registry's blobs and manifests. */
  usedBytes(registry: string): number {
    return [...this.records.blobs.list(), ...this.records.manifests.list()]
      .filter((each) => each.registry === registry)
      .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  /** The blob, if this repository has it. */
  blob(repository: Repository, digest: string): Blob | undefined {
    const linked = this.records.links.get(idOf.link({ ...repository, digest })) !== undefined;
    return linked ? this.records.blobs.get(idOf.blob({ ...repository, digest })) : undefined;
  }

  /** The manifest of a tag or a digest. */
  manifest(repository: Repository, reference: string): Manifest | undefined {
    const tagged = this.records.tags.get(idOf.tag({ ...repository, tag: reference }));
    return this.records.manifests.get(idOf.manifest({ ...repository, digest: tagged?.digest ?? reference }));
  }

  manifestText(manifest: Manifest): string {
    return this.records.manifestTexts.get(idOf.manifest(manifest))?.text ?? "";
  }

  beginUpload({ registry, repository }: Repository): Upload {
    const upload: Upload = { id: randomUUID(), registry, repository, sizeBytes: 0 };
    this.files.begin(upload);
    this.records.uploads.put(upload.id, upload);
    return upload;
  }

  /** @throws RegistryError BLOB_UPLOAD_UNKNOWN */
  upload(repository: Repository, id: string): Upload {
    const upload = this.records.uploads.get(id);
    if (upload !== undefined && sameRepository(upload, repository)) return upload;
    throw new RegistryError("BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry", { detail: { id } });
  }

  /** Appends to an upload. @throws RegistryError BLOB_UPLOAD_INVALID while somebody else writes to it */
  append(upload: Upload, bytes: AsyncIterable<Uint8Array>): Promise<Upload> {
    return this.#alone(upload, async () => {
      const grown = { ...upload, sizeBytes: await this.files.append(upload, bytes) };
      // It may have been cancelled meanwhile.
      this.upload(upload, upload.id);
      this.records.uploads.put(upload.id, grown);
      return grown;
    });
  }

  /** Makes an upload a blob of its repository. @throws RegistryError DIGEST_INVALID, and the upload is lost */
  finishUpload(upload: Upload, digest: string): Promise<void> {
    const { registry, repository, sizeBytes } = upload;
    return this.#alone(upload, async () => {
      try {
        requireSameDigest(digest, await this.files.digestOf(upload, digest));
      } catch (error) {
        this.cancelUpload(upload);
        throw error;
      }
      this.upload(upload, upload.id);
      await this.files.keep(upload, digest);
      this.#store.transaction(() => {
        this.records.uploads.delete(upload.id);
        this.records.blobs.put(idOf.blob({ registry, digest }), { registry, digest, sizeBytes });
        this.link({ registry, repository }, digest);
      });
    });
  }

  async #alone<T>({ id }: Upload, work: () => Promise<T>): Promise<T> {
    if (this.#busy.has(id)) {
      throw new RegistryError("BLOB_UPLOAD_INVALID", "another request is writing to this upload");
    }
    this.#busy.add(id);
    try {
      return await work();
    } finally {
      this.#busy.delete(id);
    }
  }

  cancelUpload(upload: Upload): void {
    this.records.uploads.delete(upload.id);
    this.files.removeUpload(upload);
  }

  /** Makes a blob of the registry one of this repository too. */
  link({ registry, repository }: Repository, digest: string): void {
    const link = { registry, repository, digest };
    this.records.links.put(idOf.link(link), link);
  }

  unlink({ registry, repository }: Repository, digest: string): void {
    this.records.links.delete(idOf.link({ registry, repository, digest }));
  }

  /** Writes a manifest, and moves a tag to it. */
  putManifest(
    { registry, repository }: Repository,
    facts: ManifestFacts,
    content: { readonly text: string; readonly digest: string; readonly tag?: string; readonly now: string },
  ): Manifest {
    const { text, digest, tag, now } = content;
    const manifest: Manifest = {
      registry,
      repository,
      digest,
      sizeBytes: Buffer.byteLength(text),
      pushedAt: now,
      ...facts,
    };
    this.#store.transaction(() => {
      this.records.manifestTexts.put(idOf.manifest(manifest), { text });
      this.records.manifests.put(idOf.manifest(manifest), manifest);
      if (tag === undefined) return;
      const moved = { registry, repository, tag, digest, updatedAt: now };
      this.records.tags.put(idOf.tag(moved), moved);
    });
    return manifest;
  }

  /** Removes a manifest, and the tags that stand for it. */
  removeManifest(manifest: Manifest): void {
    this.#store.transaction(() => {
      this.records.manifests.delete(idOf.manifest(manifest));
      this.records.manifestTexts.delete(idOf.manifest(manifest));
      for (const tag of this.tags(manifest)) {
        if (tag.digest === manifest.digest) this.records.tags.delete(idOf.tag(tag));
      }
    });
  }

  removeTag(tag: Tag): void {
    this.records.tags.delete(idOf.tag(tag));
  }

  /** Removes a repository with its tags and manifests; the bytes of its blobs are garbage from then on. */
  removeRepository(repository: Repository): void {
    this.#store.transaction(() => {
      for (const manifest of this.manifests(repository)) this.removeManifest(manifest);
      for (const link of this.records.links.list()) {
        if (sameRepository(link, repository)) this.records.links.delete(idOf.link(link));
      }
    });
  }

  /** Removes everything that a registry holds. */
  removeRegistry(registry: string): void {
    const here = (each: { readonly registry: string }) => each.registry === registry;
    this.#store.transaction(() => {
      for (const repository of this.repositories(registry)) this.removeRepository({ registry, repository });
      for (const link of this.records.links.list().filter(here)) this.records.links.delete(idOf.link(link));
      for (const blob of this.records.blobs.list().filter(here)) this.records.blobs.delete(idOf.blob(blob));
      for (const upload of this.records.uploads.list().filter(here)) this.records.uploads.delete(upload.id);
    });
    this.files.removeRegistry(registry);
  }
}
