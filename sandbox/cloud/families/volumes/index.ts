import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Cloud } from "../../context.ts";
import { endpoint } from "../../endpoint.ts";
import { conflict, found, notFound, refuseIfAny } from "../../errors.ts";
import type { Family } from "../../family.ts";
import { optionalText, tagList } from "../../fields.ts";
import { presentRegion, regionProblem } from "../regions.ts";
import { ensureTags } from "../tags.ts";
import { volumeActions } from "./actions.ts";
import {
  setAttachment,
  type VolumeDocument,
  volumeCollection,
  volumeSnapshotCollection,
  volumesOf,
} from "./model.ts";
import { destroyVolumeSnapshot, volumeSnapshots } from "./snapshots.ts";

const maxLabelLength = { ext4: 16, xfs: 12 } as const;

const createVolume = z
  .strictObject({
    name: z
      .string()
      .max(64)
      .regex(/^[a-z][a-z0-9-]*$/, "may hold lower-case letters, digits and dashes, and begins with a letter"),
    description: optionalText,
    size_gigabytes: z.number().int().min(1).max(16_384),
    region: z.string(),
    snapshot_id: optionalText,
    filesystem_type: z.enum(["ext4", "xfs", ""]).optional(),
    filesystem_label: optionalText,
    tags: tagList,
  })
  .refine(
    ({ filesystem_label: label = "", filesystem_type: type }) =>
      label.length <= maxLabelLength[type || "ext4"],
    { path: ["filesystem_label"], message: "may have 16 characters for ext4, 12 for xfs" },
  );

function present(volume: VolumeDocument): object {
  return {
    id: volume.id,
    name: volume.name,
    description: volume.description,
    size_gigabytes: volume.sizeGib,
    created_at: volume.createdAt,
    droplet_ids: volume.dropletId === undefined ? [] : [volume.dropletId],
    region: presentRegion(volume.region),
    filesystem_type: volume.filesystemType,
    filesystem_label: volume.filesystemLabel,
    tags: volume.tags,
  };
}

const byName = z.object({ name: z.string().optional(), region: z.string().optional() });

function named(cloud: Cloud, query: z.output<typeof byName>): VolumeDocument[] {
  return volumeCollection(cloud.store)
    .list()
    .filter((volume) => query.name === undefined || volume.name === query.name)
    .filter((volume) => query.region === undefined || volume.region === query.region);
}

const list = endpoint({
  method: "GET",
  path: "/v2/volumes",
  query: byName,
  handle: ({ cloud, query, page }) => page("volumes", named(cloud, query).map(present)),
});

const create = endpoint({
  method: "POST",
  path: "/v2/volumes",
  body: createVolume,
  handle: ({ cloud, body }) => {
    const snapshot = volumeSnapshotCollection(cloud.store).get(body.snapshot_id ?? "");
    refuseIfAny(
      regionProblem(body.region),
      body.snapshot_id !== undefined && snapshot === undefined
        ? `snapshot_id: there is no snapshot ${body.snapshot_id}`
        : undefined,
      snapshot !== undefined && snapshot.region !== body.region
        ? `snapshot_id: the snapshot is in ${snapshot.region}, not in ${body.region}`
        : undefined,
      snapshot !== undefined && snapshot.sizeGib > body.size_gigabytes
        ? `size_gigabytes: the snapshot needs ${snapshot.sizeGib} GiB`
        : undefined,
    );
    if (named(cloud, body).length > 0) {
      throw conflict(`name: a volume named ${body.name} already exists in ${body.region}`);
    }
    ensureTags(cloud, body.tags);
    const volume: VolumeDocument = {
      id: randomUUID(),
      name: body.name,
      description: body.description ?? "",
      sizeGib: body.size_gigabytes,
      region: body.region,
      filesystemType: body.filesystem_type || snapshot?.filesystemType || "",
      filesystemLabel: body.filesystem_label ?? "",
      tags: body.tags,
      createdAt: cloud.timestamp(),
    };
    volumeCollection(cloud.store).put(volume.id, volume);
    return { volume: present(volume) };
  },
});

const read = endpoint({
  method: "GET",
  path: "/v2/volumes/{volume_id}",
  handle: ({ cloud, params }) => ({
    volume: present(found(volumeCollection(cloud.store).get(params.volume_id))),
  }),
});

const remove = endpoint({
  method: "DELETE",
  path: "/v2/volumes/{volume_id}",
  handle: ({ cloud, params }) => destroy(cloud, params.volume_id),
});

const removeByName = endpoint({
  method: "DELETE",
  path: "/v2/volumes",
  query: z.object({ name: z.string(), region: z.string() }),
  handle: async ({ cloud, query }) => {
    const [volume] = named(cloud, query);
    if (volume === undefined) throw notFound();
    await destroy(cloud, volume.id);
  },
});

async function destroy(cloud: Cloud, id: string): Promise<void> {
  const volume = found(volumeCollection(cloud.store).get(id));
  if (volume.dropletId !== undefined) {
    throw conflict(
      `Attached volume cannot be deleted: detach ${volume.name} from the droplet ${volume.dropletId} first`,
    );
  }
  volumeCollection(cloud.store).delete(volume.id);
  await cloud.forget({ kind: "volumes", id: volume.id });
}

/** Block storage: volumes, their snapshots and what is done to them. */
export const volumes: Family = {
  name: "volumes",
  endpoints: [list, create, read, remove, removeByName, ...volumeActions, ...volumeSnapshots],
  resources: (store) => [
    ...volumeCollection(store)
      .list()
      .map((volume) => ({
        kind: "volumes",
        id: volume.id,
        name: volume.name,
        createdAt: volume.createdAt,
        urn: `do:volume:${volume.id}`,
        tags: volume.tags,
        uses: volume.dropletId === undefined ? [] : [{ kind: "droplets", id: String(volume.dropletId) }],
      })),
    ...volumeSnapshotCollection(store)
      .list()
      .map((snapshot) => ({
        kind: "volume_snapshots",
        id: snapshot.id,
        name: snapshot.name,
        createdAt: snapshot.createdAt,
        tags: snapshot.tags,
      })),
  ],
  destroy: { volumes: destroy, volume_snapshots: destroyVolumeSnapshot },
  forget: (cloud, gone) => {
    if (gone.kind !== "droplets") return;
    for (const volume of volumesOf(cloud.store, Number(gone.id)))
      setAttachment(cloud.store, volume.id, undefined);
  },
  taggable: {
    volumes: (store, id, tags) => {
      const volume = volumeCollection(store).get(id);
      if (volume !== undefined) volumeCollection(store).put(id, { ...volume, tags });
    },
    volume_snapshots: (store, id, tags) => {
      const snapshot = volumeSnapshotCollection(store).get(id);
      if (snapshot !== undefined) volumeSnapshotCollection(store).put(id, { ...snapshot, tags });
    },
  },
};
