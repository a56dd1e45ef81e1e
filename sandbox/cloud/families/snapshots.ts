import { z } from "zod";
import type { Cloud } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { found } from "../errors.ts";
import type { Family } from "../family.ts";
import { ownImages } from "./images.ts";
import { volumeSnapshotCollection } from "./volumes/model.ts";
import { presentVolumeSnapshot } from "./volumes/snapshots.ts";

interface SnapshotView {
  readonly id: string;
  readonly resourceType: "droplet" | "volume";
  readonly view: object;
}

/** Droplets' snapshots are images; volumes' are their own. Both show alike here. */
function allSnapshots(cloud: Cloud): SnapshotView[] {
  const ofDroplets = ownImages(cloud.store)
    .filter((image) => image.type === "snapshot")
    .map((image): SnapshotView => {
      const id = String(image.id);
      const view = {
        id,
        name: image.name,
        created_at: image.created_at,
        regions: image.regions,
        min_disk_size: image.min_disk_size,
        size_gigabytes: image.size_gigabytes,
        resource_id: String(image.dropletId ?? ""),
        resource_type: "droplet",
        tags: image.tags,
      };
      return { id, resourceType: "droplet", view };
    });
  const ofVolumes = volumeSnapshotCollection(cloud.store)
    .list()
    .map(
      (snapshot): SnapshotView => ({
        id: snapshot.id,
        resourceType: "volume",
        view: presentVolumeSnapshot(snapshot),
      }),
    );
  return [...ofDroplets, ...ofVolumes];
}

const existing = (cloud: Cloud, id: string): SnapshotView =>
  found(allSnapshots(cloud).find((snapshot) => snapshot.id === id));

const list = endpoint({
  method: "GET",
  path: "/v2/snapshots",
  query: z.object({ resource_type: z.enum(["droplet", "volume"]).optional() }),
  handle: ({ cloud, query, page }) =>
    page(
      "snapshots",
      allSnapshots(cloud)
        .filter(
          ({ resourceType }) => query.resource_type === undefined || resourceType === query.resource_type,
        )
        .map(({ view }) => view),
    ),
});

const read = endpoint({
  method: "GET",
  path: "/v2/snapshots/{snapshot_id}",
  handle: ({ cloud, params }) => ({ snapshot: existing(cloud, params.snapshot_id).view }),
});

const remove = endpoint({
  method: "DELETE",
  path: "/v2/snapshots/{snapshot_id}",
  handle: async ({ cloud, params }) => {
    const { id, resourceType } = existing(cloud, params.snapshot_id);
    await cloud.destroy({ kind: resourceType === "droplet" ? "images" : "volume_snapshots", id });
  },
});

/** Snapshots of droplets and of volumes together; each kind lives in its own family. */
export const snapshots: Family = { name: "snapshots", endpoints: [list, read, remove] };
