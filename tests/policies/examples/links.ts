import type { compliant } from "../compliant.ts";

/** Links that something is wrong without: the rule that must notice, the resource, and the property that refers to another. */
export const linkBreaches: readonly (readonly [
  rule: string,
  subject: keyof typeof compliant,
  property: string,
])[] = [
  ["require-trusted-sources", "trustedSources", "clusterId"],
  ["require-store-alerts", "postgresAlert", "entities"],
  ["require-private-network", "droplet", "vpcUuid"],
  ["require-private-network", "postgres", "privateNetworkUuid"],
  ["require-private-network", "cluster", "vpcUuid"],
  ["require-nat-gateway", "nat", "vpcs"],
  ["require-nat-gateway", "cluster", "vpcUuid"],
  ["require-droplet-firewall", "pool", "dropletTemplate"],
  ["require-droplet-firewall", "poolFirewall", "tags"],
  ["require-guarded-reserved-ips", "address", "dropletId"],
  ["require-connection-pools", "connectionPool", "clusterId"],
  ["require-spf", "spf", "domain"],
  ["require-dmarc", "dmarc", "domain"],
  ["require-dkim", "dkim", "domain"],
];
