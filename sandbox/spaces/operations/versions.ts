import type { Bucket } from "../model.ts";
import type { SpacesState } from "../state.ts";
import { newVersionId } from "../version-id.ts";

/** What a deletion did. */
export interface Deletion {
  /** The version removed, or the marker's id where one was made. */
  readonly versionId: string | undefined;
  /** Whether a delete marker was made or removed. */
  readonly deleteMarker: boolean;
}

/** Deletes one version for good, or without a version id what the bucket's versioning says. */
export async function deleteObject(
  state: SpacesState,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
  now: Date,
): Promise<Deletion> {
  if (versionId !== undefined) {
    const version = state.objects.versions(bucket.name, key).find((each) => each.versionId === versionId);
    await state.removeVersion(bucket.name, key, versionId);
    return { versionId, deleteMarker: version?.kind === "delete-marker" };
  }
  if (bucket.versioning === undefined) {
    await state.removeVersion(bucket.name, key, "null");
    return { versionId: undefined, deleteMarker: false };
  }
  const marker = newVersionId(bucket);
  await state.putVersion(bucket.name, key, {
    kind: "delete-marker",
    versionId: marker,
    lastModified: now.toISOString(),
  });
  return { versionId: marker, deleteMarker: true };
}
