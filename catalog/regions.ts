/** A DigitalOcean region and what can be had there. */
export interface Region {
  /** What the API calls it, e.g. `tor1`. */
  readonly slug: string;
  /** What the control panel calls it, e.g. `Toronto 1`. */
  readonly name: string;
  /** Whether new resources can be created there; a region that is closing keeps what it has. */
  readonly available: boolean;
  /** Whether the region has Spaces buckets. */
  readonly spaces: boolean;
  /** Whether the region has managed Kubernetes. */
  readonly kubernetes: boolean;
  /** Whether the region has managed databases. */
  readonly databases: boolean;
  /** Whether the region has VPC NAT gateways. */
  readonly natGateway: boolean;
  /** The region nearest to it, itself where possible, that keeps container registries. */
  readonly registryRegion: string;
}

/** The day on which {@link regions} was last compared with DigitalOcean's own list (ISO 8601). */
export const regionsCheckedOn = "2026-10-08";

const everything = { available: true, spaces: true, kubernetes: true, databases: true, natGateway: true };
const noSpaces = { ...everything, spaces: false };
const closed = { available: false, spaces: false, kubernetes: false, databases: false, natGateway: false };

/** DigitalOcean's regions; where a GPU can be had is said by the GPU's size. */
export const regions: readonly Region[] = [
  { slug: "ams2", name: "Amsterdam 2", registryRegion: "ams3", ...closed },
  { slug: "ams3", name: "Amsterdam 3", registryRegion: "ams3", ...everything },
  { slug: "atl1", name: "Atlanta 1", registryRegion: "nyc3", ...everything },
  { slug: "blr1", name: "Bangalore 1", registryRegion: "blr1", ...everything },
  { slug: "fra1", name: "Frankfurt 1", registryRegion: "fra1", ...everything },
  { slug: "lon1", name: "London 1", registryRegion: "ams3", ...everything },
  { slug: "nyc1", name: "New York 1", registryRegion: "nyc3", ...noSpaces },
  { slug: "nyc2", name: "New York 2", registryRegion: "nyc3", ...noSpaces },
  { slug: "nyc3", name: "New York 3", registryRegion: "nyc3", ...everything },
  { slug: "sfo1", name: "San Francisco 1", registryRegion: "sfo3", ...closed },
  { slug: "sfo2", name: "San Francisco 2", registryRegion: "sfo2", ...everything },
  { slug: "sfo3", name: "San Francisco 3", registryRegion: "sfo3", ...everything },
  { slug: "sgp1", name: "Singapore 1", registryRegion: "sgp1", ...everything },
  { slug: "syd1", name: "Sydney 1", registryRegion: "syd1", ...everything },
  { slug: "tor1", name: "Toronto 1", registryRegion: "nyc3", ...everything },
];

/** Whom an uptime check asks from, as the API names them. */
export const uptimeCheckRegions = ["us_east", "us_west", "eu_west", "se_asia"] as const;
