import { z } from "zod";
import { type DropletImage, dropletImages } from "../../../catalog/images.ts";
import { regions } from "../../../catalog/regions.ts";
import { closest } from "../../closest.ts";
import type { Store } from "../../store/store.ts";
import type { Cloud } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { forbidden, found, refuseIfAny } from "../errors.ts";
import type { Family } from "../family.ts";
import { optionalText, tagList } from "../fields.ts";
import { actionsOf, requireAction, startAction } from "./actions.ts";
import { regionProblem } from "./regions.ts";
import { ensureTags } from "./tags.ts";

/** An image as stored: the catalogue's public ones are not. */
export interface ImageDocument {
  readonly id: number;
  name: string;
  readonly type: "base" | "snapshot" | "backup" | "custom";
  distribution: string;
  readonly slug: string | null;
  readonly public: boolean;
  regions: string[];
  readonly created_at: string;
  readonly min_disk_size: number;
  readonly size_gigabytes: number;
  description: string;
  tags: string[];
  readonly createdMs: number;
  /** The droplet it was taken of. */
  readonly dropletId?: number;
}

const collection = (store: Store) => store.collection<ImageDocument>("images");

/** Public images have small ids that never change; those that are made begin far above. */
const firstPublicId = 100_000_001;
const firstOwnId = 200_000_001;

/** Regions that the API's own description names for images; it has not caught up with the newest one. */
const imageRegions = regions
  .filter((region) => region.available && region.slug !== "atl1")
  .map((region) => region.slug);

function publicImage(image: DropletImage, index: number): ImageDocument {
  return {
    id: firstPublicId + index,
    name: image.name,
    type: "base",
    distribution: image.distribution,
    slug: image.slug,
    public: true,
    regions: imageRegions,
    created_at: "2026-01-15T00:00:00Z",
    createdMs: 0,
    min_disk_size: image.minimumDiskGib,
    size_gigabytes: 0.6,
    description: `${image.distribution} ${image.name}`,
    tags: [],
  };
}

const publicImages: readonly ImageDocument[] = dropletImages.map(publicImage);

/** The image with this id or slug, public or one's own, if there is one. */
export function findImage(store: Store, identifier: string | number): ImageDocument | undefined {
  const text = String(identifier);
  return (
    publicImages.find((image) => image.slug === text || String(image.id) === text) ??
    collection(store).get(text)
  );
}

/** What is wrong with making a droplet with a disk of this size of it, if anything. */
export function imageProblem(
  cloud: Cloud,
  identifier: string | number,
  diskGib: number | undefined,
): string | undefined {
  const image = findImage(cloud.store, identifier);
  if (image === undefined) {
    const meant = closest(
      String(identifier),
      dropletImages.map((one) => one.slug),
    );
    return `image: ${identifier} is not a valid image${meant === undefined ? "" : `, did you mean ${meant}?`}`;
  }
  if (!cloud.settled(image.createdMs)) return `image: ${image.name} is not available yet`;
  if (diskGib === undefined || diskGib >= image.min_disk_size) return undefined;
  return `image: ${identifier} needs a disk of ${image.min_disk_size} GiB, and the size has ${diskGib}`;
}

/** Keeps an image that was made of something. */
export function storeImage(
  cloud: Cloud,
  image: Omit<ImageDocument, "id" | "created_at" | "createdMs" | "public" | "slug">,
): ImageDocument {
  const id = cloud.store.nextInteger("images", firstOwnId);
  const document: ImageDocument = {
    ...image,
    id,
    slug: null,
    public: false,
    created_at: cloud.timestamp(),
    createdMs: cloud.now(),
  };
  collection(cloud.store).put(String(id), document);
  return document;
}

/** One's own images: snapshots, backups and custom ones. */
export function ownImages(store: Store): ImageDocument[] {
  return collection(store).list();
}

/** Deletes one's own image. @throws ApiError 404, or 403 for a public one */
export async function deleteImage(cloud: Cloud, id: string): Promise<void> {
  const image = requireOwn(cloud, id);
  collection(cloud.store).delete(String(image.id));
  await cloud.forget({ kind: "images", id: String(image.id) });
}

/** An image as the API shows it. */
export function presentImage(cloud: Cloud, image: ImageDocument): object {
  const { createdMs, dropletId: _bookkeeping, ...shown } = image;
  return { ...shown, status: cloud.settled(createdMs) ? "available" : "NEW" };
}

function requireOwn(cloud: Cloud, id: string): ImageDocument {
  const image = found(findImage(cloud.store, id));
  if (image.public) throw forbidden("You do not have access for the attempted action.");
  return image;
}

const distribution = z.enum([
  "Arch Linux",
  "CentOS",
  "CoreOS",
  "Debian",
  "Fedora",
  "Fedora Atomic",
  "FreeBSD",
  "Gentoo",
  "openSUSE",
  "RancherOS",
  "Rocky Linux",
  "Ubuntu",
  "Unknown",
]);

const createImage = z.strictObject({
  name: z.string().min(1),
  url: z.url(),
  region: z.string(),
  distribution: distribution.default("Unknown"),
  description: optionalText,
  tags: tagList,
});

const updateImage = z.strictObject({
  name: z.string().min(1).optional(),
  distribution: distribution.optional(),
  description: z.string().optional(),
});

const imageAction = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("convert") }),
  z.strictObject({ type: z.literal("transfer"), region: z.string() }),
]);

const list = endpoint({
  method: "GET",
  path: "/v2/images",
  query: z.object({
    type: z.enum(["application", "distribution"]).optional(),
    private: z.stringbool().optional(),
    tag_name: z.string().optional(),
  }),
  handle: ({ cloud, query, page }) => {
    const images = [...publicImages, ...ownImages(cloud.store)]
      .filter((image) => query.private !== true || !image.public)
      // The sandbox has no one-click applications: a list of them is empty.
      .filter((image) => query.type === undefined || (query.type === "distribution" && image.public))
      .filter((image) => query.tag_name === undefined || image.tags.includes(query.tag_name));
    return page(
      "images",
      images.map((image) => presentImage(cloud, image)),
    );
  },
});

const create = endpoint({
  method: "POST",
  path: "/v2/images",
  status: 202,
  body: createImage,
  handle: ({ cloud, body }) => {
    refuseIfAny(regionProblem(body.region));
    ensureTags(cloud, body.tags);
    const image = storeImage(cloud, {
      name: body.name,
      type: "custom",
      distribution: body.distribution,
      regions: [body.region],
      min_disk_size: 10,
      size_gigabytes: 2,
      description: body.description ?? "",
      tags: body.tags,
    });
    return { image: presentImage(cloud, image) };
  },
});

const read = endpoint({
  method: "GET",
  path: "/v2/images/{image_id}",
  handle: ({ cloud, params }) => ({
    image: presentImage(cloud, found(findImage(cloud.store, params.image_id))),
  }),
});

const update = endpoint({
  method: "PUT",
  path: "/v2/images/{image_id}",
  body: updateImage,
  handle: ({ cloud, params, body }) => {
    const image = requireOwn(cloud, params.image_id);
    const updated = {
      ...image,
      name: body.name ?? image.name,
      distribution: body.distribution ?? image.distribution,
      description: body.description ?? image.description,
    };
    collection(cloud.store).put(String(image.id), updated);
    return { image: presentImage(cloud, updated) };
  },
});

const remove = endpoint({
  method: "DELETE",
  path: "/v2/images/{image_id}",
  handle: ({ cloud, params }) => deleteImage(cloud, params.image_id),
});

const subject = (id: string) => ({ kind: "images", id });

const act = endpoint({
  method: "POST",
  path: "/v2/images/{image_id}/actions",
  body: imageAction,
  handle: ({ cloud, params, body }) => {
    const image = requireOwn(cloud, params.image_id);
    if (body.type === "transfer") {
      refuseIfAny(regionProblem(body.region));
      const regions = [...new Set([...image.regions, body.region])];
      collection(cloud.store).put(String(image.id), { ...image, regions });
    }
    return startAction(cloud, {
      type: body.type,
      subject: subject(String(image.id)),
      resourceType: "image",
      region: body.type === "transfer" ? body.region : (image.regions[0] ?? "nyc3"),
    });
  },
});

const listActions = endpoint({
  method: "GET",
  path: "/v2/images/{image_id}/actions",
  handle: ({ cloud, params, page }) => page("actions", actionsOf(cloud, subject(params.image_id))),
});

const readAction = endpoint({
  method: "GET",
  path: "/v2/images/{image_id}/actions/{action_id}",
  handle: ({ cloud, params }) => requireAction(cloud, subject(params.image_id), params.action_id),
});

/** What droplets start from: the catalogue's public images, and one's own. */
export const images: Family = {
  name: "images",
  endpoints: [list, create, read, update, remove, act, listActions, readAction],
  resources: (store) =>
    ownImages(store).map((image) => ({
      kind: "images",
      id: String(image.id),
      name: image.name,
      createdAt: image.created_at,
      tags: image.tags,
    })),
  destroy: { images: deleteImage },
  taggable: {
    images: (store, id, tags) => {
      const image = collection(store).get(id);
      if (image !== undefined) collection(store).put(id, { ...image, tags });
    },
  },
};
