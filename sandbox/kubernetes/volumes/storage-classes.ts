/** The storage that every DOKS cluster offers: DigitalOcean volumes behind claims. */
import type { V1CSIDriver, V1StorageClass } from "@kubernetes/client-node";

/** Name of DigitalOcean's block storage driver. */
export const STORAGE_DRIVER = "dobs.csi.digitalocean.com";

interface ClassVariant {
  suffix: string;
  reclaimPolicy: "Delete" | "Retain";
  fsType?: "xfs";
}

const VARIANTS: ClassVariant[] = [
  { suffix: "", reclaimPolicy: "Delete" },
  { suffix: "-retain", reclaimPolicy: "Retain" },
  { suffix: "-xfs", reclaimPolicy: "Delete", fsType: "xfs" },
  { suffix: "-xfs-retain", reclaimPolicy: "Retain", fsType: "xfs" },
];

/** `do-block-storage`, the default, and its variants. */
export const STORAGE_CLASSES: V1StorageClass[] = VARIANTS.map(({ suffix, reclaimPolicy, fsType }) => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: {
    name: `do-block-storage${suffix}`,
    ...(suffix === "" ? { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } } : {}),
  },
  provisioner: STORAGE_DRIVER,
  ...(fsType === undefined ? {} : { parameters: { fstype: fsType } }),
  reclaimPolicy,
  allowVolumeExpansion: true,
  volumeBindingMode: "Immediate",
}));

export const CSI_DRIVER: V1CSIDriver = {
  apiVersion: "storage.k8s.io/v1",
  kind: "CSIDriver",
  metadata: { name: STORAGE_DRIVER },
  spec: { attachRequired: true, podInfoOnMount: true },
};
