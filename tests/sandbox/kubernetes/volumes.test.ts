import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { persistentVolume, volumeRequest } from "../../../sandbox/kubernetes/volumes/manifest.ts";
import { parseQuantity, volumeGib } from "../../../sandbox/kubernetes/volumes/sizes.ts";
import { STORAGE_CLASSES } from "../../../sandbox/kubernetes/volumes/storage-classes.ts";

const GIB = 1024 ** 3;

function claim(storage: string, accessModes = ["ReadWriteOnce"]) {
  return {
    metadata: { name: "data", namespace: "default", uid: "u-1" },
    spec: { accessModes, resources: { requests: { storage } } },
  };
}

describe("quantities", () => {
  it.each([
    ["10Gi", 10 * GIB],
    ["1500Mi", 1500 * 1024 ** 2],
    ["10G", 10e9],
    ["1e9", 1e9],
    ["0.5Ti", 512 * GIB],
    ["128974848", 128_974_848],
  ])("%s", (quantity, bytes) => {
    expect(parseQuantity(quantity)).toBe(bytes);
  });

  it.each(["", "ten", "10gb", "Gi", "1 Gi"])("refuses %j", (quantity) => {
    expect(() => parseQuantity(quantity)).toThrow("is not a quantity");
  });
});

describe("a volume's size", () => {
  it.each([
    ["1", 1],
    ["1Gi", 1],
    ["1025Mi", 2],
    ["16Ti", 16_384],
  ])("for %s is %i GiB", (quantity, gib) => {
    expect(volumeGib(quantity)).toBe(gib);
  });

  it("has an upper bound", () => {
    expect(() => volumeGib("16385Gi")).toThrow("can not exceed maximum supported volume size (16384Gi)");
  });

  it("is never less than asked for, and never a GiB more", () => {
    fc.assert(
      fc.property(fc.integer({ min: GIB, max: 16_384 * GIB }), (bytes) => {
        const size = volumeGib(String(bytes)) * GIB;
        expect(size).toBeGreaterThanOrEqual(bytes);
        expect(size - bytes).toBeLessThan(GIB);
      }),
    );
  });
});

describe("a claim", () => {
  it("becomes a volume that its cluster's tag marks", () => {
    expect(volumeRequest(claim("5Gi"), { id: "c", region: "fra1" })).toEqual({
      name: "pvc-u-1",
      region: "fra1",
      size_gigabytes: 5,
      description: "Created by DigitalOcean CSI driver",
      tags: ["k8s:c"],
    });
  });

  it("cannot be shared between nodes", () => {
    expect(() => volumeRequest(claim("5Gi", ["ReadWriteMany"]), { id: "c", region: "fra1" })).toThrow(
      "access mode ReadWriteMany",
    );
  });

  it("is bound to a persistent volume of its class", () => {
    const retained = STORAGE_CLASSES.find(({ metadata }) => metadata?.name === "do-block-storage-xfs-retain");
    expect(retained).toBeDefined();
    if (retained === undefined) return;
    const { spec } = persistentVolume(claim("5Gi"), retained, { id: "v-1", sizeGib: 5, region: "fra1" });
    expect(spec).toMatchObject({
      capacity: { storage: "5Gi" },
      persistentVolumeReclaimPolicy: "Retain",
      claimRef: { namespace: "default", name: "data", uid: "u-1" },
      csi: { driver: "dobs.csi.digitalocean.com", fsType: "xfs", volumeHandle: "v-1" },
    });
  });
});
