import { isIP } from "node:net";
import type { Rule } from "./fields.ts";

/** A range of IPv4 or IPv6 addresses in CIDR notation. */
export const cidr: Rule = (value) => {
  const [address = "", prefix = "", ...rest] = String(value).split("/");
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  const valid = rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits;
  return valid ? undefined : `${JSON.stringify(value)} is not a range of addresses like "10.10.0.0/16"`;
};

/** A single IPv4 or IPv6 address. */
export const address: Rule = (value) =>
  isIP(String(value)) > 0 ? undefined : `${JSON.stringify(value)} is not an IP address`;

/** An address or a range of them. */
export const addressOrCidr: Rule = (value) => (isIP(String(value)) > 0 ? undefined : cidr(value));

/** A UUID, as DigitalOcean gives to most things. */
export const uuid: Rule = (value) =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(String(value))
    ? undefined
    : `${JSON.stringify(value)} is not a UUID: give the resource's id, not its name`;

/** `80`, `8000-9000` or `all`. */
export const portRange: Rule = (value) => {
  const text = String(value);
  if (text === "all" || text === "0") return undefined;
  const [from, to, ...rest] = text.split("-").map(Number);
  const ports = to === undefined ? [from] : [from, to];
  const valid =
    rest.length === 0 &&
    ports.every((port) => Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65_535);
  if (!valid)
    return `${JSON.stringify(value)} is not a port (1 to 65535), a range like "8000-9000", or "all"`;
  return Number(from) > Number(to) ? `${JSON.stringify(value)} begins after it ends` : undefined;
};

/** A TCP or UDP port. */
export const PORT = { min: 1, max: 65_535 } as const;
