import type { Store } from "../../../store/store.ts";

/** A block storage volume, as stored. */
export interface VolumeDocument {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  sizeGib: number;
  readonly region: string;
  readonly filesystemType: string;
  readonly filesystemLabel: string;
  /** The droplet that has it; one at most. */
  dropletId?: number | undefined;
  tags: string[];
  readonly createdAt: string;
}

/** A copy of a volume at one moment. */
export interface VolumeSnapshotDocument {
  readonly id: string;
  readonly name: string;
  readonly volumeId: string;
  readonly region: string;
  readonly sizeGib: number;
  readonly filesystemType: string;
  tags: string[];
  readonly createdAt: string;
}

/** How many volumes a droplet can have. */
export const maxVolumesPerDroplet = 15;

export const volumeCollection = (store: Store) => store.collection<VolumeDocument>("volumes");

export const volumeSnapshotCollection = (store: Store) =>
  store.collection<VolumeSnapshotDocument>("volume_snapshots");

/** The volumes a droplet has, the oldest first. */
export function volumesOf(store: Store, dropletId: number): VolumeDocument[] {
  return volumeCollection(store)
    .list()
    .filter((volume) => volume.dropletId === dropletId);
}

/** Everything that is wrong with giving these volumes to one droplet, none when nothing is. */
export function attachmentProblems(
  store: Store,
  volumeIds: readonly string[],
  droplet: { readonly id?: number; readonly region: string },
): string[] {
  const problems = volumeIds.flatMap((id) => {
    const volume = volumeCollection(store).get(id);
    if (volume === undefined) return `volumes: there is no volume ${id}`;
    if (volume.region !== droplet.region) {
      return `volumes: ${volume.name} is in ${volume.region}, and the droplet in ${droplet.region}`;
    }
    if (volume.dropletId !== undefined) {
      return `volumes: ${volume.name} is already attached to the droplet ${volume.dropletId}`;
    }
    return [];
  });
  const held = droplet.id === undefined ? 0 : volumesOf(store, droplet.id).length;
  if (held + volumeIds.length > maxVolumesPerDroplet) {
    problems.push(`volumes: a droplet can have ${maxVolumesPerDroplet} volumes at most`);
  }
  return problems;
}

/** Gives a volume to a droplet, or takes it back when there is none. Check {@link attachmentProblems} first. */
export function setAttachment(store: Store, volumeId: string, dropletId: number | undefined): void {
  const volume = volumeCollection(store).get(volumeId);
  if (volume !== undefined) volumeCollection(store).put(volumeId, { ...volume, dropletId });
}
