import ipaddr from "ipaddr.js";
import { privateRanges as catalogued } from "../catalog/addresses.ts";

/** An IPv4 range in CIDR notation: first address as a number, and the length of its prefix. */
export interface Ipv4Range {
  readonly first: number;
  readonly prefixLength: number;
}

const asNumber = (address: ipaddr.IPv4): number =>
  address.octets.reduce((number, octet) => number * 256 + octet, 0);

const sizeOf = (range: Ipv4Range): number => 2 ** (32 - range.prefixLength);

/** Reads `10.10.0.0/20`; undefined when it is no IPv4 range, or when bits are set beyond its prefix. */
export function parseRange(cidr: string): Ipv4Range | undefined {
  if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(cidr)) return undefined;
  const [address, prefixLength] = ipaddr.IPv4.parseCIDR(cidr);
  const range = { first: asNumber(address), prefixLength };
  return range.first % sizeOf(range) === 0 ? range : undefined;
}

/** `10.10.0.0/20`. */
export const formatRange = (range: Ipv4Range): string => `${addressAt(range, 0)}/${range.prefixLength}`;

export function overlap(a: Ipv4Range, b: Ipv4Range): boolean {
  return a.first < b.first + sizeOf(b) && b.first < a.first + sizeOf(a);
}

/** Whether all of `inner` lies in `outer`. */
export function contains(outer: Ipv4Range, inner: Ipv4Range): boolean {
  return inner.first >= outer.first && inner.first + sizeOf(inner) <= outer.first + sizeOf(outer);
}

/** The address `offset` places into the range; undefined past its end. */
export function addressAt(range: Ipv4Range, offset: number): string | undefined {
  if (offset < 0 || offset >= sizeOf(range)) return undefined;
  const address = range.first + offset;
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/**
 * The `offset`-th address of a range, e.g. 10.245.0.10 for 10.245.0.0/16 and 10.
 * @throws when `cidr` is no range, or has no such address
 */
export function addressInRange(cidr: string, offset: number): string {
  const range = parseRange(cidr);
  const address = range === undefined ? undefined : addressAt(range, offset);
  if (address === undefined) throw new Error(`there is no address ${offset} in the range ${cidr}`);
  return address;
}

/** The private ranges of RFC 1918. */
export const privateRanges: readonly Ipv4Range[] = catalogued.flatMap((cidr) => parseRange(cidr) ?? []);

/** `255.255.240.0` for a /20; of all bits for what is no range. */
export function netmaskOf(cidr: string): string {
  const prefixLength = parseRange(cidr)?.prefixLength ?? 32;
  return addressAt({ first: 2 ** 32 - 2 ** (32 - prefixLength), prefixLength: 32 }, 0) ?? "";
}
