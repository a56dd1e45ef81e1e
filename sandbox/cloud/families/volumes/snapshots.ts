import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Cloud } from "../../context.ts";
import { endpoint } from "../../endpoint.ts";
import { conflict, found, notFound } from "../../errors.ts";
import { optionalText, tagList } from "../../fields.ts";
import { ensureTags } from "../tags.ts";
import { type VolumeSnapshotDocument, volumeCollection, volumeSnapshotCollection } from "./model.ts";

const createSnapshot = z.strictObject({
  name: z.string().min(1).max(255),
  tags: tagList,
  // Go clients repeat the path's id, and send a description the API has no place for.
  volume_id: optionalText,
  description: optionalText,
});

/** A volume's snapshot as the API shows it. */
export function presentVolumeSnapshot(snapshot: VolumeSnapshotDocument): object {
  return {
    id: snapshot.id,
    name: snapshot.name,
    created_at: snapshot.createdAt,
    regions: [snapshot.region],
    min_disk_size: snapshot.sizeGib,
    size_gigabytes: 0,
    resource_id: snapshot.volumeId,
    resource_type: "volume",
    tags: snapshot.tags,
  };
}

const list = endpoint({
  method: "GET",
  path: "/v2/volumes/{volume_id}/snapshots",
  handle: ({ cloud, params, page }) => {
    const volume = found(volumeCollection(cloud.store).get(params.volume_id));
    const snapshots = volumeSnapshotCollection(cloud.store)
      .list()
      .filter((snapshot) => snapshot.volumeId === volume.id);
    return page("snapshots", snapshots.map(presentVolumeSnapshot));
  },
});

const create = endpoint({
  method: "POST",
  path: "/v2/volumes/{volume_id}/snapshots",
  body: createSnapshot,
  handle: ({ cloud, params, body }) => {
    const volume = found(volumeCollection(cloud.store).get(params.volume_id));
    const known = volumeSnapshotCollection(cloud.store).list();
    if (known.some((snapshot) => snapshot.volumeId === volume.id && snapshot.name === body.name)) {
      throw conflict(`name: a snapshot named ${body.name} of this volume already exists`);
    }
    ensureTags(cloud, body.tags);
    const snapshot: VolumeSnapshotDocument = {
      id: randomUUID(),
      name: body.name,
      volumeId: volume.id,
      region: volume.region,
      sizeGib: volume.sizeGib,
      filesystemType: volume.filesystemType,
      tags: body.tags,
      createdAt: cloud.timestamp(),
    };
    volumeSnapshotCollection(cloud.store).put(snapshot.id, snapshot);
    return { snapshot: presentVolumeSnapshot(snapshot) };
  },
});

const read = endpoint({
  method: "GET",
  path: "/v2/volumes/snapshots/{snapshot_id}",
  handle: ({ cloud, params }) => ({
    snapshot: presentVolumeSnapshot(found(volumeSnapshotCollection(cloud.store).get(params.snapshot_id))),
  }),
});

const remove = endpoint({
  method: "DELETE",
  path: "/v2/volumes/snapshots/{snapshot_id}",
  handle: ({ cloud, params }) => destroyVolumeSnapshot(cloud, params.snapshot_id),
});

/** Deletes a volume's snapshot. @throws ApiError 404 */
export async function destroyVolumeSnapshot(cloud: Cloud, id: string): Promise<void> {
  if (!volumeSnapshotCollection(cloud.store).delete(id)) throw notFound();
  await cloud.forget({ kind: "volume_snapshots", id });
}

/** Snapshots of volumes, seen from their volume. */
export const volumeSnapshots = [list, create, read, remove];
