/** From a claim to the DigitalOcean volume that is asked for, and the persistent volume that stands for it. Pure. */
import type { V1PersistentVolume, V1PersistentVolumeClaim, V1StorageClass } from "@kubernetes/client-node";
import { volumeGib } from "./sizes.ts";
import { STORAGE_DRIVER } from "./storage-classes.ts";

/** Keeps a persistent volume until what stands behind it is gone. */
export const PROVISIONER_FINALIZER = "external-provisioner.volume.kubernetes.io/finalizer";

/** A volume is attached to one droplet at a time. */
const ACCESS_MODES = ["ReadWriteOnce", "ReadWriteOncePod"];

/** Body of `POST /v2/volumes`. */
export interface VolumeRequest {
  name: string;
  region: string;
  size_gigabytes: number;
  description: string;
  tags: string[];
}

/** The name of both the volume in the cloud and the persistent volume. */
export function volumeName(claim: V1PersistentVolumeClaim): string {
  return `pvc-${claim.metadata?.uid}`;
}

/**
 * @throws when the claim asks for what block storage cannot do
 */
export function volumeRequest(
  claim: V1PersistentVolumeClaim,
  cluster: { id: string; region: string },
): VolumeRequest {
  const impossible = (claim.spec?.accessModes ?? []).filter((mode) => !ACCESS_MODES.includes(mode));
  if (impossible.length > 0) {
    throw new Error(
      `volume capabilities cannot be satisfied: access mode ${impossible.join(", ")}; DigitalOcean volumes offer ${ACCESS_MODES.join(" and ")}`,
    );
  }
  return {
    name: volumeName(claim),
    region: cluster.region,
    size_gigabytes: volumeGib(requestedStorage(claim)),
    description: "Created by DigitalOcean CSI driver",
    tags: [`k8s:${cluster.id}`],
  };
}

/** What the claim asks for, e.g. `10Gi`. */
export function requestedStorage(claim: V1PersistentVolumeClaim): string {
  return claim.spec?.resources?.requests?.storage ?? "0";
}

/** The persistent volume for a claim, bound to it from the start. */
export function persistentVolume(
  claim: V1PersistentVolumeClaim,
  storageClass: V1StorageClass,
  volume: { id: string; sizeGib: number; region: string },
): V1PersistentVolume {
  const { namespace, name, uid, resourceVersion } = claim.metadata ?? {};
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: {
      name: volumeName(claim),
      annotations: { "pv.kubernetes.io/provisioned-by": STORAGE_DRIVER },
      finalizers: [PROVISIONER_FINALIZER],
    },
    spec: {
      capacity: { storage: `${volume.sizeGib}Gi` },
      accessModes: claim.spec?.accessModes ?? [],
      volumeMode: claim.spec?.volumeMode ?? "Filesystem",
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? "Delete",
      storageClassName: storageClass.metadata?.name ?? "",
      claimRef: {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        namespace: namespace ?? "",
        name: name ?? "",
        uid: uid ?? "",
        resourceVersion: resourceVersion ?? "",
      },
      csi: {
        driver: STORAGE_DRIVER,
        fsType: storageClass.parameters?.fstype ?? "ext4",
        volumeHandle: volume.id,
        volumeAttributes: { "storage.kubernetes.io/csiProvisionerIdentity": STORAGE_DRIVER },
      },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: "region", operator: "In", values: [volume.region] }] },
          ],
        },
      },
    },
  };
}
