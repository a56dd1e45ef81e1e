import type { Collection, Store } from "../store/store.ts";

/** A repository: of a registry, by a name that may have several segments (`whisper/api`). */
export interface Repository {
  readonly registry: string;
  readonly repository: string;
}

/** A run of bytes that a registry holds once, however many of its repositories have it. */
export interface Blob {
  readonly registry: string;
  readonly digest: string;
  readonly sizeBytes: number;
}

/** That a repository has a blob: what is not linked cannot be pulled from it. */
export interface BlobLink extends Repository {
  readonly digest: string;
}

/** What a manifest names: a layer, a configuration, an image of an index. */
export interface Descriptor {
  readonly digest: string;
  readonly sizeBytes: number;
}

/** A manifest of a repository, without its bytes. */
export interface Manifest extends Repository {
  readonly digest: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly pushedAt: string;
  /** Configuration and layers that the registry itself must hold. */
  readonly blobs: readonly Descriptor[];
  /** Digests of the manifests of an index. */
  readonly manifests: readonly string[];
  /** The manifest that this one says something about: a signature, a bill of materials. */
  readonly subject?: string;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A name that stands for a manifest until it is moved. */
export interface Tag extends Repository {
  readonly tag: string;
  readonly digest: string;
  readonly updatedAt: string;
}

/** An upload under way. */
export interface Upload extends Repository {
  readonly id: string;
  /** What has arrived and was acknowledged. */
  readonly sizeBytes: number;
}

const repositoryId = ({ registry, repository }: Repository) => `${registry}/${repository}`;

/** Ids of the records: no name of a repository has a blank. */
export const idOf = {
  blob: ({ registry, digest }: Pick<Blob, "registry" | "digest">) => `${registry} ${digest}`,
  link: (link: BlobLink) => `${repositoryId(link)} ${link.digest}`,
  manifest: (manifest: Repository & { readonly digest: string }) =>
    `${repositoryId(manifest)} ${manifest.digest}`,
  tag: (tag: Repository & { readonly tag: string }) => `${repositoryId(tag)} ${tag.tag}`,
};

/** Where the records of all registries' contents are kept. */
export interface RegistryRecords {
  readonly blobs: Collection<Blob>;
  readonly links: Collection<BlobLink>;
  readonly manifests: Collection<Manifest>;
  /** The bytes of manifests, by the manifest's id: small, and read by one. */
  readonly manifestTexts: Collection<{ readonly text: string }>;
  readonly tags: Collection<Tag>;
  readonly uploads: Collection<Upload>;
}

/** The records in a store. */
export const registryRecords = (store: Store): RegistryRecords => ({
  blobs: store.collection("registry_blobs"),
  links: store.collection("registry_blob_links"),
  manifests: store.collection("registry_manifests"),
  manifestTexts: store.collection("registry_manifest_texts"),
  tags: store.collection("registry_tags"),
  uploads: store.collection("registry_uploads"),
});

/** Whether two things belong to one repository. */
export const sameRepository = (a: Repository, b: Repository): boolean =>
  a.registry === b.registry && a.repository === b.repository;
