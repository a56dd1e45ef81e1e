/** The GPUs of a droplet size. */
export interface Gpu {
  readonly brand: "nvidia" | "amd";
  /** The model as DOKS labels it; the droplet API puts the brand before it (`nvidia_h100`). */
  readonly model: string;
  readonly count: number;
  /** Memory of one GPU. */
  readonly memoryGib: number;
}

/** A size a droplet or a Kubernetes node can have. */
export interface DropletSize {
  readonly slug: string;
  /** How the control panel groups it. */
  readonly family: "basic" | "general-purpose" | "cpu-optimized" | "memory-optimized" | "gpu";
  readonly vcpus: number;
  readonly memoryMib: number;
  /** The boot disk. */
  readonly diskGib: number;
  /** Outbound transfer a month that the price includes. */
  readonly transferTib: number;
  /** US dollars an hour. */
  readonly hourlyUsd: number;
  /** US dollars a month, where DigitalOcean stops counting hours. */
  readonly monthlyUsd: number;
  /** Region slugs that offer it; absent means every available region. */
  readonly regions?: readonly string[];
  readonly gpu?: Gpu;
  /** The day the price was read (ISO 8601). */
  readonly pricedOn: string;
}

/** Prices of the sizes without GPU, read from DigitalOcean's price list (see catalog/prices.ts). */
const listed = { pricedOn: "2025-06-01" } as const;
/** Prices of the GPU sizes, read from the API's `GET /v2/sizes`; they rose during 2026. */
const live = { pricedOn: "2026-10-08" } as const;

const l40sRegions = ["tor1"];
const h100Regions = ["nyc2", "tor1", "ams3"];
const h200Regions = ["nyc2", "atl1"];
const instinctRegions = ["nyc2", "tor1", "atl1"];

/** Droplet sizes the platform knows, ascending within a family. */
// biome-ignore format: a table is read by its columns
export const dropletSizes: readonly DropletSize[] = [
  { slug: "s-1vcpu-512mb-10gb", family: "basic", vcpus: 1, memoryMib: 512, diskGib: 10, transferTib: 0.5, hourlyUsd: 0.00595, monthlyUsd: 4, ...listed },
  { slug: "s-1vcpu-1gb", family: "basic", vcpus: 1, memoryMib: 1024, diskGib: 25, transferTib: 1, hourlyUsd: 0.00893, monthlyUsd: 6, ...listed },
  { slug: "s-1vcpu-2gb", family: "basic", vcpus: 1, memoryMib: 2048, diskGib: 50, transferTib: 2, hourlyUsd: 0.01786, monthlyUsd: 12, ...listed },
  { slug: "s-2vcpu-2gb", family: "basic", vcpus: 2, memoryMib: 2048, diskGib: 60, transferTib: 3, hourlyUsd: 0.02679, monthlyUsd: 18, ...listed },
  { slug: "s-2vcpu-4gb", family: "basic", vcpus: 2, memoryMib: 4096, diskGib: 80, transferTib: 4, hourlyUsd: 0.03571, monthlyUsd: 24, ...listed },
  { slug: "s-4vcpu-8gb", family: "basic", vcpus: 4, memoryMib: 8192, diskGib: 160, transferTib: 5, hourlyUsd: 0.07143, monthlyUsd: 48, ...listed },
  { slug: "s-8vcpu-16gb", family: "basic", vcpus: 8, memoryMib: 16384, diskGib: 320, transferTib: 6, hourlyUsd: 0.14286, monthlyUsd: 96, ...listed },
  { slug: "g-2vcpu-8gb", family: "general-purpose", vcpus: 2, memoryMib: 8192, diskGib: 25, transferTib: 4, hourlyUsd: 0.09375, monthlyUsd: 63, ...listed },
  { slug: "g-4vcpu-16gb", family: "general-purpose", vcpus: 4, memoryMib: 16384, diskGib: 50, transferTib: 5, hourlyUsd: 0.1875, monthlyUsd: 126, ...listed },
  { slug: "g-8vcpu-32gb", family: "general-purpose", vcpus: 8, memoryMib: 32768, diskGib: 100, transferTib: 6, hourlyUsd: 0.375, monthlyUsd: 252, ...listed },
  { slug: "g-16vcpu-64gb", family: "general-purpose", vcpus: 16, memoryMib: 65536, diskGib: 200, transferTib: 7, hourlyUsd: 0.75, monthlyUsd: 504, ...listed },
  { slug: "c-2", family: "cpu-optimized", vcpus: 2, memoryMib: 4096, diskGib: 25, transferTib: 4, hourlyUsd: 0.0625, monthlyUsd: 42, ...listed },
  { slug: "c-4", family: "cpu-optimized", vcpus: 4, memoryMib: 8192, diskGib: 50, transferTib: 5, hourlyUsd: 0.125, monthlyUsd: 84, ...listed },
  { slug: "c-8", family: "cpu-optimized", vcpus: 8, memoryMib: 16384, diskGib: 100, transferTib: 6, hourlyUsd: 0.25, monthlyUsd: 168, ...listed },
  { slug: "c-16", family: "cpu-optimized", vcpus: 16, memoryMib: 32768, diskGib: 200, transferTib: 7, hourlyUsd: 0.5, monthlyUsd: 336, ...listed },
  { slug: "m-2vcpu-16gb", family: "memory-optimized", vcpus: 2, memoryMib: 16384, diskGib: 50, transferTib: 4, hourlyUsd: 0.125, monthlyUsd: 84, ...listed },
  { slug: "m-4vcpu-32gb", family: "memory-optimized", vcpus: 4, memoryMib: 32768, diskGib: 100, transferTib: 6, hourlyUsd: 0.25, monthlyUsd: 168, ...listed },
  { slug: "m-8vcpu-64gb", family: "memory-optimized", vcpus: 8, memoryMib: 65536, diskGib: 200, transferTib: 7, hourlyUsd: 0.5, monthlyUsd: 336, ...listed },
  { slug: "gpu-4000adax1-20gb", family: "gpu", vcpus: 8, memoryMib: 32768, diskGib: 500, transferTib: 10, hourlyUsd: 0.76, monthlyUsd: 565.44, regions: l40sRegions, gpu: { brand: "nvidia", model: "rtx4000_ada", count: 1, memoryGib: 20 }, ...live },
  { slug: "gpu-l40sx1-48gb", family: "gpu", vcpus: 8, memoryMib: 65536, diskGib: 500, transferTib: 10, hourlyUsd: 1.57, monthlyUsd: 1168.08, regions: l40sRegions, gpu: { brand: "nvidia", model: "l40s", count: 1, memoryGib: 48 }, ...live },
  { slug: "gpu-6000adax1-48gb", family: "gpu", vcpus: 8, memoryMib: 65536, diskGib: 500, transferTib: 10, hourlyUsd: 1.57, monthlyUsd: 1168.08, regions: l40sRegions, gpu: { brand: "nvidia", model: "rtx6000_ada", count: 1, memoryGib: 48 }, ...live },
  { slug: "gpu-mi300x1-192gb", family: "gpu", vcpus: 20, memoryMib: 245760, diskGib: 720, transferTib: 15, hourlyUsd: 2.59, monthlyUsd: 1926.96, regions: instinctRegions, gpu: { brand: "amd", model: "mi300x", count: 1, memoryGib: 192 }, ...live },
  { slug: "gpu-mi325x1-256gb", family: "gpu", vcpus: 20, memoryMib: 167936, diskGib: 720, transferTib: 15, hourlyUsd: 3.8, monthlyUsd: 2827.2, regions: instinctRegions, gpu: { brand: "amd", model: "mi325x", count: 1, memoryGib: 256 }, ...live },
  { slug: "gpu-h100x1-80gb", family: "gpu", vcpus: 20, memoryMib: 245760, diskGib: 720, transferTib: 15, hourlyUsd: 4.41, monthlyUsd: 3281.04, regions: h100Regions, gpu: { brand: "nvidia", model: "h100", count: 1, memoryGib: 80 }, ...live },
  { slug: "gpu-h200x1-141gb", family: "gpu", vcpus: 24, memoryMib: 245760, diskGib: 720, transferTib: 15, hourlyUsd: 4.47, monthlyUsd: 3325.68, regions: h200Regions, gpu: { brand: "nvidia", model: "h200", count: 1, memoryGib: 141 }, ...live },
  { slug: "gpu-h100x8-640gb", family: "gpu", vcpus: 160, memoryMib: 1966080, diskGib: 2046, transferTib: 60, hourlyUsd: 35.28, monthlyUsd: 26248.32, regions: h100Regions, gpu: { brand: "nvidia", model: "h100", count: 8, memoryGib: 80 }, ...live },
  { slug: "gpu-h200x8-1128gb", family: "gpu", vcpus: 192, memoryMib: 1966080, diskGib: 2046, transferTib: 60, hourlyUsd: 35.76, monthlyUsd: 26605.44, regions: h200Regions, gpu: { brand: "nvidia", model: "h200", count: 8, memoryGib: 141 }, ...live },
];

/** A size a node of a managed database can have. */
export interface DatabaseSize {
  readonly slug: string;
  /** Engines that offer it, as the API names them. */
  readonly engines: readonly ("pg" | "valkey")[];
  /** How many nodes a cluster of this size may have. */
  readonly nodeCounts: readonly number[];
  readonly vcpus: number;
  readonly memoryMib: number;
  /** Disk the price includes; Valkey keeps its data in memory and has none to speak of. */
  readonly diskGib: number;
  /** The most disk that can be bought for it. */
  readonly maximumDiskGib: number;
  /** Connections one node accepts, apart from those DigitalOcean reserves for itself. */
  readonly connections: number;
  /** US dollars an hour for one node. */
  readonly hourlyUsd: number;
  /** US dollars a month for one node. */
  readonly monthlyUsd: number;
  /** The day the price was read (ISO 8601). */
  readonly pricedOn: string;
}

const both = { engines: ["pg", "valkey"], ...listed } as const;
const postgresOnly = { engines: ["pg"], ...listed } as const;

/** Database sizes the platform knows, ascending within a family. */
// biome-ignore format: a table is read by its columns
export const databaseSizes: readonly DatabaseSize[] = [
  { slug: "db-s-1vcpu-1gb", nodeCounts: [1], vcpus: 1, memoryMib: 1024, diskGib: 10, maximumDiskGib: 30, connections: 22, hourlyUsd: 0.02254, monthlyUsd: 15.15, ...both },
  { slug: "db-s-1vcpu-2gb", nodeCounts: [1, 2], vcpus: 1, memoryMib: 2048, diskGib: 30, maximumDiskGib: 60, connections: 47, hourlyUsd: 0.04531, monthlyUsd: 30.45, ...both },
  { slug: "db-s-2vcpu-4gb", nodeCounts: [1, 2, 3], vcpus: 2, memoryMib: 4096, diskGib: 60, maximumDiskGib: 140, connections: 97, hourlyUsd: 0.09063, monthlyUsd: 60.9, ...both },
  { slug: "db-s-4vcpu-8gb", nodeCounts: [1, 2, 3], vcpus: 4, memoryMib: 8192, diskGib: 140, maximumDiskGib: 290, connections: 197, hourlyUsd: 0.18147, monthlyUsd: 121.95, ...both },
  { slug: "db-s-6vcpu-16gb", nodeCounts: [1, 2, 3], vcpus: 6, memoryMib: 16384, diskGib: 290, maximumDiskGib: 580, connections: 397, hourlyUsd: 0.36272, monthlyUsd: 243.75, ...both },
  { slug: "db-s-8vcpu-32gb", nodeCounts: [1, 2, 3], vcpus: 8, memoryMib: 32768, diskGib: 580, maximumDiskGib: 1140, connections: 797, hourlyUsd: 0.72634, monthlyUsd: 488.1, ...both },
  { slug: "gd-2vcpu-8gb", nodeCounts: [1, 2, 3], vcpus: 2, memoryMib: 8192, diskGib: 30, maximumDiskGib: 70, connections: 197, hourlyUsd: 0.17634, monthlyUsd: 118.5, ...postgresOnly },
  { slug: "gd-4vcpu-16gb", nodeCounts: [1, 2, 3], vcpus: 4, memoryMib: 16384, diskGib: 60, maximumDiskGib: 140, connections: 397, hourlyUsd: 0.35268, monthlyUsd: 237, ...postgresOnly },
  { slug: "gd-8vcpu-32gb", nodeCounts: [1, 2, 3], vcpus: 8, memoryMib: 32768, diskGib: 140, maximumDiskGib: 280, connections: 797, hourlyUsd: 0.70536, monthlyUsd: 474, ...postgresOnly },
];
