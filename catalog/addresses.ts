/** Ranges that nobody has for himself on the internet (RFC 1918). */
export const privateRanges: readonly string[] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** The same of version 6 (RFC 4193): wide, and nobody's on the internet. */
export const uniqueLocalRange = "fc00::/7";

/** Ranges DigitalOcean and Docker use themselves, which an address plan of ours may not touch. */
export const reservedRanges: Readonly<Record<string, string>> = {
  "10.229.0.0/16": "DigitalOcean's own network",
  "10.244.0.0/16": "DigitalOcean's default for pods",
  "10.245.0.0/16": "DigitalOcean's default for services",
  "10.246.0.0/24": "DigitalOcean's own network",
  "172.17.0.0/16": "Docker's default bridge",
};

/**
 * The widest range that somebody may be named by, as a prefix length: registries hand out nothing wider. A shorter
 * prefix is everybody, or a large part of everybody, as `0.0.0.0/1` and `128.0.0.0/1` are.
 */
export const widestPrefix = { ipv4: 8, ipv6: 16 } as const;
