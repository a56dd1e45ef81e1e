import { describe, expect, it } from "vitest";
import { databaseEngines } from "../../catalog/engines.ts";
import {
  baseImages,
  type ContainerImage,
  containerImages,
  dropletImages,
  dropletImagesCheckedOn,
} from "../../catalog/images.ts";
import {
  kubernetesCheckedOn,
  kubernetesMinor,
  kubernetesMinorReason,
  kubernetesMinors,
} from "../../catalog/kubernetes.ts";
import { prices } from "../../catalog/prices.ts";
import { regions, regionsCheckedOn } from "../../catalog/regions.ts";
import { databaseSizes, dropletSizes } from "../../catalog/sizes.ts";

const day = /^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const images: readonly ContainerImage[] = [...Object.values(containerImages), ...Object.values(baseImages)];

describe("the catalogue", () => {
  it.each([
    ["regions", regions],
    ["droplet sizes", dropletSizes],
    ["database sizes", databaseSizes],
    ["droplet images", dropletImages],
    ["engines", databaseEngines],
  ])("names each of its %s once", (_, entries) => {
    const slugs = entries.map(({ slug }) => slug);
    expect(new Set(slugs).size).toBe(slugs.length);
  });

  it("dates what changes", () => {
    const dates = [
      regionsCheckedOn,
      kubernetesCheckedOn,
      dropletImagesCheckedOn,
      ...[...dropletSizes, ...databaseSizes, ...Object.values(prices)].map(({ pricedOn }) => pricedOn),
      ...databaseEngines.map(({ checkedOn }) => checkedOn),
      ...images.map(({ pinnedOn }) => pinnedOn),
    ];
    for (const date of dates) expect(date).toMatch(day);
  });

  it("prices a month at no more than its hours", () => {
    for (const { slug, hourlyUsd, monthlyUsd } of [...dropletSizes, ...databaseSizes]) {
      const hours = monthlyUsd / hourlyUsd;
      expect(hours, slug).toBeGreaterThan(670);
      expect(hours, slug).toBeLessThan(745);
    }
  });

  it("sells GPUs only where there is a region, with drivers for each", () => {
    const known = new Set(regions.filter(({ available }) => available).map(({ slug }) => slug));
    for (const { slug, gpu, regions: offered } of dropletSizes.filter((size) => size.gpu)) {
      expect(
        offered?.filter((region) => !known.has(region)),
        slug,
      ).toEqual([]);
      const drivers = dropletImages.filter(
        (image) => image.gpu && image.gpu.brand === gpu?.brand && image.gpu.counts.includes(gpu.count),
      );
      expect(drivers, slug).not.toEqual([]);
    }
  });

  it("keeps registries in regions that are open", () => {
    const open = regions.filter(({ available }) => available).map(({ slug }) => slug);
    for (const { slug, registryRegion } of regions) expect(open, slug).toContain(registryRegion);
  });

  it("gives larger databases more of everything", () => {
    for (const { slug, diskGib, maximumDiskGib, nodeCounts, engines } of databaseSizes) {
      expect(maximumDiskGib, slug).toBeGreaterThanOrEqual(diskGib);
      expect(nodeCounts, slug).toContain(1);
      expect(engines, slug).toContain("pg");
    }
  });

  it("offers what it makes the default", () => {
    for (const { versions, defaultVersion } of databaseEngines) expect(versions).toContain(defaultVersion);
    expect(kubernetesMinors).toContain(kubernetesMinor);
  });

  it("says why a version of Kubernetes and each droplet image is there", () => {
    expect(kubernetesMinorReason.length).toBeGreaterThan(20);
    for (const { slug, reason } of dropletImages) expect(reason.length, slug).toBeGreaterThan(20);
  });

  it("pins every image, and says why", () => {
    for (const { repository, tag, digest, reason } of images) {
      expect(tag, repository).toMatch(/\d+\.\d+|-20\d{6}$/);
      expect(tag, repository).not.toContain("latest");
      expect(reason.length, repository).toBeGreaterThan(20);
      if (digest !== undefined) expect(digest, repository).toMatch(/^sha256:[a-f0-9]{64}$/);
    }
  });
});
