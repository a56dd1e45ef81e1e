/** Addresses within a range. */
import ipaddr from "ipaddr.js";

/**
 * The `offset`-th address of an IPv4 range, e.g. 10.245.0.10 for the range 10.245.0.0/16 and 10.
 * @param range in CIDR notation
 * @throws when `range` is none
 */
export function addressInRange(range: string, offset: number): string {
  const octets = ipaddr.IPv4.networkAddressFromCIDR(range).octets;
  const first = octets.reduce((value, octet) => value * 256 + octet, 0);
  const address = first + offset;
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
}
