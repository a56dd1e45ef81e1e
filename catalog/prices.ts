/** A price that does not depend on a droplet or database size. */
interface Price {
  readonly usd: number;
  /** What the price is for. */
  readonly per: string;
  /** The day the price was read (ISO 8601). */
  readonly pricedOn: string;
}

/** Where the prices of this file, and those of the sizes without GPU, were read. */
export const priceList = "https://www.digitalocean.com/pricing";

const listed = { pricedOn: "2025-06-01" } as const;

/** DigitalOcean's prices for everything that is not a size, in US dollars before taxes. */
export const prices = {
  loadBalancerNode: { usd: 12, per: "node and month (regional, HTTP)", ...listed },
  kubernetesHighAvailability: { usd: 40, per: "cluster and month", ...listed },
  volume: { usd: 0.1, per: "GiB and month", ...listed },
  spacesSubscription: { usd: 5, per: "account and month; 250 GiB and 1 TiB outbound included", ...listed },
  spacesStorage: { usd: 0.02, per: "GiB and month beyond the subscription", ...listed },
  databaseStorage: { usd: 0.215, per: "GiB and month beyond the size's own disk", ...listed },
  natGateway: { usd: 40, per: "gateway (size 1) and month; 100 GiB included", ...listed },
  uptimeCheck: { usd: 1, per: "check and month beyond the first", ...listed },
  registryStarter: { usd: 0, per: "month; 500 MiB, one repository", ...listed },
  registryBasic: { usd: 5, per: "month; 5 GiB, five repositories", ...listed },
  registryProfessional: { usd: 20, per: "month; 100 GiB, any number of repositories", ...listed },
  outboundTransfer: { usd: 0.01, per: "GiB beyond what droplets, nodes and Spaces include", ...listed },
  snapshot: { usd: 0.06, per: "GiB and month", ...listed },
  dropletBackupsWeekly: { usd: 0.2, per: "dollar of the droplet's price", ...listed },
  dropletBackupsDaily: { usd: 0.3, per: "dollar of the droplet's price", ...listed },
} as const satisfies Record<string, Price>;

/** The registry's plans as the API names them. */
export const registryTiers = {
  starter: { repositories: 1, storageGib: 0.5, price: prices.registryStarter },
  basic: { repositories: 5, storageGib: 5, price: prices.registryBasic },
  professional: {
    repositories: Number.POSITIVE_INFINITY,
    storageGib: 100,
    price: prices.registryProfessional,
  },
} as const;

/** Pulumi's types of what DigitalOcean does not charge for, as far as the platform uses them. */
export const freeTypes: readonly string[] = [
  "digitalocean:index/cdn:Cdn",
  "digitalocean:index/certificate:Certificate",
  "digitalocean:index/containerRegistryDockerCredentials:ContainerRegistryDockerCredentials",
  "digitalocean:index/databaseConnectionPool:DatabaseConnectionPool",
  "digitalocean:index/databaseDb:DatabaseDb",
  "digitalocean:index/databaseFirewall:DatabaseFirewall",
  "digitalocean:index/databaseLogsinkOpensearch:DatabaseLogsinkOpensearch",
  "digitalocean:index/databaseLogsinkRsyslog:DatabaseLogsinkRsyslog",
  "digitalocean:index/databasePostgresqlConfig:DatabasePostgresqlConfig",
  "digitalocean:index/databaseUser:DatabaseUser",
  "digitalocean:index/databaseValkeyConfig:DatabaseValkeyConfig",
  "digitalocean:index/dnsRecord:DnsRecord",
  "digitalocean:index/domain:Domain",
  "digitalocean:index/firewall:Firewall",
  "digitalocean:index/monitorAlert:MonitorAlert",
  "digitalocean:index/project:Project",
  "digitalocean:index/projectResources:ProjectResources",
  "digitalocean:index/spacesBucketCorsConfiguration:SpacesBucketCorsConfiguration",
  "digitalocean:index/spacesBucketPolicy:SpacesBucketPolicy",
  "digitalocean:index/spacesKey:SpacesKey",
  "digitalocean:index/sshKey:SshKey",
  "digitalocean:index/tag:Tag",
  "digitalocean:index/uptimeAlert:UptimeAlert",
  "digitalocean:index/vpc:Vpc",
];
