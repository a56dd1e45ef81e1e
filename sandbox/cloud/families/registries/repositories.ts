import { z } from "zod";
import type { Manifest, Repository, Tag } from "../../../registry/model.ts";
import type { Cloud } from "../../context.ts";
import { type Endpoint, endpoint } from "../../endpoint.ts";
import { found, notFound } from "../../errors.ts";
import { registryCollection } from "./model.ts";
import { collectDue } from "./settling.ts";

/** Repositories of registries, below `/v2/registry` or `/v2/registries`: what was pushed, and is not garbage. */
export function repositoryEndpoints(base: "/v2/registry" | "/v2/registries"): Endpoint[] {
  const repositories = `${base}/{registry_name}/repositories` as const;
  const repository = `${repositories}/{repository_name}` as const;
  return [
    endpoint({
      method: "GET",
      path: `${base}/{registry_name}/repositoriesV2`,
      handle: ({ cloud, params, page }) =>
        page("repositories", repositoriesOf(cloud, params.registry_name), (shown) =>
          shown.map((each) => presentRepositoryV2(cloud, each)),
        ),
    }),
    ...(base === "/v2/registry" ? [listingV1(repositories)] : [removal(repository)]),
    endpoint({
      method: "GET",
      path: `${repository}/tags`,
      handle: ({ cloud, params, page }) => {
        const tags = cloud.registries.contents.tags(requireRepository(cloud, params));
        return page("tags", tags, (shown) => shown.map((tag) => presentTag(cloud, tag)));
      },
    }),
    endpoint({
      method: "GET",
      path: `${repository}/digests`,
      handle: ({ cloud, params, page }) => {
        const manifests = cloud.registries.contents.manifests(requireRepository(cloud, params));
        return page("manifests", manifests, (shown) => shown.map((each) => presentManifest(cloud, each)));
      },
    }),
    endpoint({
      method: "DELETE",
      path: `${repository}/tags/{repository_tag}`,
      handle: ({ cloud, params }) => {
        const { contents } = cloud.registries;
        const tags = contents.tags(requireRepository(cloud, params));
        contents.removeTag(found(tags.find(({ tag }) => tag === params.repository_tag)));
      },
    }),
    endpoint({
      method: "DELETE",
      path: `${repository}/digests/{manifest_digest}`,
      handle: ({ cloud, params }) => {
        const { contents } = cloud.registries;
        const manifests = contents.manifests(requireRepository(cloud, params));
        contents.removeManifest(found(manifests.find(({ digest }) => digest === params.manifest_digest)));
      },
    }),
  ];
}

const listingV1 = (path: `${string}/{registry_name}/repositories`): Endpoint =>
  endpoint({
    method: "GET",
    path,
    handle: ({ cloud, params, page }) =>
      page("repositories", repositoriesOf(cloud, params.registry_name), (shown) =>
        shown.map((each) => presentRepository(cloud, each)),
      ),
  });

const removal = (path: `${string}/{registry_name}/repositories/{repository_name}`): Endpoint =>
  endpoint({
    method: "DELETE",
    path,
    body: z.unknown(),
    handle: ({ cloud, params }) =>
      cloud.registries.contents.removeRepository(requireRepository(cloud, params)),
  });

function repositoriesOf(cloud: Cloud, registryName: string): Repository[] {
  const { name: registry } = found(registryCollection(cloud.store).get(registryName));
  collectDue(cloud, registry);
  return cloud.registries.contents.repositories(registry).map((repository) => ({ registry, repository }));
}

function requireRepository(
  cloud: Cloud,
  { registry_name, repository_name }: { readonly registry_name: string; readonly repository_name: string },
): Repository {
  const known = repositoriesOf(cloud, registry_name).find(({ repository }) => repository === repository_name);
  if (known !== undefined) return known;
  throw notFound(`The registry ${registry_name} has no repository ${repository_name}.`);
}

function presentRepository(cloud: Cloud, { registry, repository }: Repository): object {
  const tags = cloud.registries.contents.tags({ registry, repository });
  const latest = tags.toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1))[0];
  return {
    registry_name: registry,
    name: repository,
    ...(latest !== undefined && { latest_tag: presentTag(cloud, latest) }),
    tag_count: tags.length,
  };
}

function presentRepositoryV2(cloud: Cloud, { registry, repository }: Repository): object {
  const { contents } = cloud.registries;
  const manifests = contents.manifests({ registry, repository });
  const latest = manifests.toSorted((a, b) => (a.pushedAt < b.pushedAt ? 1 : -1))[0];
  return {
    registry_name: registry,
    name: repository,
    ...(latest !== undefined && { latest_manifest: presentManifest(cloud, latest) }),
    tag_count: contents.tags({ registry, repository }).length,
    manifest_count: manifests.length,
  };
}

function presentTag(cloud: Cloud, { registry, repository, tag, digest, updatedAt }: Tag): object {
  const manifest = cloud.registries.contents.manifest({ registry, repository }, digest);
  return {
    registry_name: registry,
    repository,
    tag,
    manifest_digest: digest,
    compressed_size_bytes: manifest === undefined ? 0 : compressedBytes(cloud, manifest),
    updated_at: updatedAt,
  };
}

function presentManifest(cloud: Cloud, manifest: Manifest): object {
  const { registry, repository, digest, blobs, pushedAt } = manifest;
  const tags = cloud.registries.contents.tags({ registry, repository });
  return {
    registry_name: registry,
    repository,
    digest,
    compressed_size_bytes: compressedBytes(cloud, manifest),
    updated_at: pushedAt,
    tags: tags.filter((tag) => tag.digest === digest).map(({ tag }) => tag),
    blobs: blobs.map((blob) => ({ digest: blob.digest, compressed_size_bytes: blob.sizeBytes })),
  };
}

/** What a pull of everything that a manifest leads to takes. The size uncompressed is not known here. */
function compressedBytes(
  cloud: Cloud,
  { registry, repository, blobs, manifests, sizeBytes }: Manifest,
): number {
  const { contents } = cloud.registries;
  const images = manifests.flatMap((digest) => contents.manifest({ registry, repository }, digest) ?? []);
  return [
    sizeBytes,
    ...blobs.map((blob) => blob.sizeBytes),
    ...images.map((image) => compressedBytes(cloud, image)),
  ].reduce((sum, bytes) => sum + bytes, 0);
}
