import ipaddr from "ipaddr.js";
import { privateRanges, reservedRanges } from "../../catalog/addresses.ts";
import type { ArgumentFault } from "../errors.ts";
import type { AddressPlan } from "../joints.ts";

/** Which prefix lengths DigitalOcean takes for each part of a plan. */
const prefixLimits: Record<keyof AddressPlan, { shortest: number; longest: number }> = {
  vpc: { shortest: 16, longest: 28 },
  pods: { shortest: 9, longest: 20 },
  services: { shortest: 12, longest: 24 },
};

/** A block has room for three /16, so it is no smaller than /14. */
const blockLimits = { shortest: 8, longest: 14 } as const;

/**
 * Cuts one block of an environment into the ranges the platform needs: the first /16 for the VPC, the second
 * for pods, the first /20 of the third for services. The rest stays free, for a second network.
 *
 * @param addressBlock A range in which {@link faultsOfBlock} finds nothing, e.g. `10.16.0.0/14`.
 */
export function planAddresses(addressBlock: string): AddressPlan {
  // Of a block of /14 or wider the second octet is a multiple of four, so it can be counted on.
  const [first = 0, second = 0] = ipaddr.IPv4.networkAddressFromCIDR(addressBlock).octets;
  const part = (index: number) => `${first}.${second + index}.0.0`;
  return { vpc: `${part(0)}/16`, pods: `${part(1)}/16`, services: `${part(2)}/20` };
}

/** What is wrong with a block, or with the plan that would be cut from it; empty when nothing is. */
export function faultsOfBlock(addressBlock: string): ArgumentFault[] {
  const faults = faultsOfRange("", addressBlock, blockLimits);
  return faults.length > 0 ? faults : faultsOfPlan(planAddresses(addressBlock));
}

/** Which of the networks around a block have addresses in common with it; paths are their names. */
export function faultsOfNeighbours(
  addressBlock: string,
  neighbours: Readonly<Record<string, string>>,
): ArgumentFault[] {
  return Object.entries(neighbours).flatMap(([path, range]) => {
    if (!isIpv4Range(range)) {
      const problem = `is "${range}", which is no IPv4 range in CIDR notation`;
      return [{ path, problem, remedy: "Write address and prefix, such as 10.16.0.0/14." }];
    }
    if (!overlap(range, addressBlock)) return [];
    const problem = `is ${range}, which overlaps this network's ${addressBlock}: the two could never be joined`;
    return [{ path, problem, remedy: "Give each network a block with no address in common with another." }];
  });
}

/** What is wrong with a plan: each range for itself, then against the others. Empty when nothing is. */
export function faultsOfPlan(plan: AddressPlan): ArgumentFault[] {
  const parts = [
    { path: "vpc", range: plan.vpc },
    { path: "pods", range: plan.pods },
    { path: "services", range: plan.services },
  ] as const;
  const alone = parts.flatMap(({ path, range }) => [
    ...faultsOfRange(path, range, prefixLimits[path]),
    ...faultsOfReserved(path, range),
  ]);
  const together = parts.flatMap((one, index) =>
    parts.slice(index + 1).flatMap((other) =>
      overlap(one.range, other.range)
        ? [
            {
              path: other.path,
              problem: `is ${other.range}, which overlaps ${one.path} (${one.range}): packets would not find their way`,
              remedy: "Choose ranges with no address in common.",
            },
          ]
        : [],
    ),
  );
  return [...alone, ...together];
}

/** Whether two ranges have an address in common; a text that is no range has none. */
export function overlap(one: string, other: string): boolean {
  if (!isIpv4Range(one) || !isIpv4Range(other)) return false;
  const [address, prefix] = ipaddr.IPv4.parseCIDR(one);
  const [otherAddress, otherPrefix] = ipaddr.IPv4.parseCIDR(other);
  return address.match(otherAddress, Math.min(prefix, otherPrefix));
}

function faultsOfRange(
  path: string,
  range: string,
  { shortest, longest }: { shortest: number; longest: number },
): ArgumentFault[] {
  if (!isIpv4Range(range)) {
    const problem = `is "${range}", which is no IPv4 range in CIDR notation`;
    return [{ path, problem, remedy: `Write address and prefix, such as 10.16.0.0/${longest}.` }];
  }
  const faults: ArgumentFault[] = [];
  const [, prefix] = ipaddr.IPv4.parseCIDR(range);
  const network = ipaddr.IPv4.networkAddressFromCIDR(range).toString();
  if (!range.startsWith(`${network}/`)) {
    const problem = `is ${range}, whose address has bits set beyond its prefix`;
    faults.push({ path, problem, remedy: `Write ${network}/${prefix}.` });
  }
  if (prefix < shortest || prefix > longest) {
    const problem = `is ${range}, whose prefix is not between /${shortest} and /${longest}`;
    faults.push({ path, problem, remedy: `Choose a prefix from /${shortest} to /${longest}.` });
  }
  if (!privateRanges.some((outer) => contains(outer, range))) {
    const problem = `is ${range}, which is not private (RFC 1918): the addresses belong to somebody`;
    faults.push({ path, problem, remedy: `Choose a range inside ${privateRanges.join(", ")}.` });
  }
  return faults;
}

function faultsOfReserved(path: string, range: string): ArgumentFault[] {
  return Object.entries(reservedRanges)
    .filter(([reserved]) => overlap(range, reserved))
    .map(([reserved, user]) => ({
      path,
      problem: `is ${range}, which overlaps ${reserved} (${user})`,
      remedy: `Choose a range that leaves ${reserved} out.`,
    }));
}

function isIpv4Range(text: string): boolean {
  return ipaddr.IPv4.isValidCIDRFourPartDecimal(text);
}

function contains(outer: string, inner: string): boolean {
  return overlap(outer, inner) && ipaddr.IPv4.parseCIDR(outer)[1] <= ipaddr.IPv4.parseCIDR(inner)[1];
}
