import { regions } from "../../../catalog/regions.ts";
import { type DropletSize, dropletSizes } from "../../../catalog/sizes.ts";
import { closest } from "../../closest.ts";
import { endpoint } from "../endpoint.ts";
import type { Family } from "../family.ts";

/** How the API describes a family of sizes. */
const descriptions: Readonly<Record<DropletSize["family"], string>> = {
  basic: "Basic",
  "general-purpose": "General Purpose",
  "cpu-optimized": "CPU-Optimized",
  "memory-optimized": "Memory-Optimized",
  gpu: "GPU",
};

/** Whether a droplet of this size can be had in the region. */
export function offeredIn(size: DropletSize, region: string): boolean {
  return size.regions?.includes(region) ?? true;
}

/** The GPUs of a size, as the API shows them on sizes and droplets; empty for a size without. */
export function presentGpu(size: DropletSize): object {
  const { gpu } = size;
  if (gpu === undefined) return {};
  const vram = { amount: gpu.memoryGib * gpu.count, unit: "gib" };
  return { gpu_info: { count: gpu.count, model: `${gpu.brand}_${gpu.model}`, vram } };
}

/** The disks of a size, as the API shows them on sizes and droplets. */
export function presentDisks(size: DropletSize): object[] {
  return [{ type: size.gpu === undefined ? "local" : "boot", size: { amount: size.diskGib, unit: "gib" } }];
}

/** A size as the API shows it. */
export function presentSize(size: DropletSize): object {
  return {
    slug: size.slug,
    memory: size.memoryMib,
    vcpus: size.vcpus,
    disk: size.diskGib,
    transfer: size.transferTib,
    price_monthly: size.monthlyUsd,
    price_hourly: size.hourlyUsd,
    regions: regions
      .filter((region) => region.available && offeredIn(size, region.slug))
      .map((region) => region.slug),
    available: true,
    description: descriptions[size.family],
    disk_info: presentDisks(size),
    ...presentGpu(size),
  };
}

/** The size of this slug, if there is one. */
export function findSize(slug: string): DropletSize | undefined {
  return dropletSizes.find((size) => size.slug === slug);
}

/** What is wrong with a droplet of this size in this region, if anything. */
export function sizeProblem(slug: string, region: string | undefined, field = "size"): string | undefined {
  const size = findSize(slug);
  if (size === undefined) {
    const meant = closest(
      slug,
      dropletSizes.map((one) => one.slug),
    );
    return `${field}: ${slug} is not a valid size${meant === undefined ? "" : `, did you mean ${meant}?`}`;
  }
  if (region === undefined || offeredIn(size, region)) return undefined;
  return `${field}: ${slug} is not available in ${region}, only in ${size.regions?.join(", ")}`;
}

const list = endpoint({
  method: "GET",
  path: "/v2/sizes",
  handle: ({ page }) => page("sizes", dropletSizes.map(presentSize)),
});

/** What droplets and nodes can be: data of the catalogue. */
export const sizes: Family = { name: "sizes", endpoints: [list] };
