/** A price that does not depend on a droplet or database size. */
interface Price {
  readonly usd: number;
  /** What the price is for. */
  readonly per: string;
  /** The day the price was read (ISO 8601). */
  readonly pricedOn: string;
}

const listed = { pricedOn: "2025-06-01" } as const;

/** DigitalOcean's prices for everything that is not a size. */
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
