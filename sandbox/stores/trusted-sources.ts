/** What the firewall of a database cluster means on one machine. */
import ipaddr from "ipaddr.js";
import { privateRanges } from "../../catalog/addresses.ts";
import type { TrustedSource } from "./runtime.ts";

/** The ways to a server that are open. */
export interface OpenWays {
  readonly publicly: boolean;
  readonly privately: boolean;
}

const laptop = ipaddr.parse("127.0.0.1");

/**
 * As in the managed service, no rule at all lets everybody in. With rules, the public address is open to the laptop when
 * an address rule covers 127.0.0.1, as one would add one's own address; the private one, which stands for the VPC, is open
 * when a rule lets in anything that lives in a VPC: droplets, clusters, tags, apps, or private addresses.
 */
export function openWays(sources: readonly TrustedSource[]): OpenWays {
  if (sources.length === 0) return { publicly: true, privately: true };
  const ranges = sources.filter(({ type }) => type === "ip_addr").map(({ value }) => toRange(value));
  const privateAddresses = privateRanges.map((cidr) => toRange(cidr));
  return {
    publicly: ranges.some((range) => covers(range, laptop)),
    privately:
      sources.some(({ type }) => type !== "ip_addr") ||
      ranges.some((range) =>
        privateAddresses.some((other) => covers(range, other[0]) || covers(other, range[0])),
      ),
  };
}

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

function toRange(value: string): Range {
  if (value.includes("/")) return ipaddr.parseCIDR(value);
  const address = ipaddr.parse(value);
  return [address, address.kind() === "ipv4" ? 32 : 128];
}

function covers(range: Range, address: Range[0]): boolean {
  return range[0].kind() === address.kind() && address.match(range);
}
