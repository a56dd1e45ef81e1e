import ipaddr from "ipaddr.js";
import type { ArgumentFault } from "../errors.ts";
import { isEverybody } from "../exposure.ts";

/** One thing a firewall lets through. */
export interface FirewallRule {
  /** What is let through. */
  readonly protocol: "tcp" | "udp" | "icmp";
  /**
   * A port, the first and last of a range, or `all`.
   * @default none, as for ICMP, which has no ports; the others need some
   * @example [8000, 8999]
   */
  readonly ports?: number | readonly [first: number, last: number] | "all";
  /** Ranges of addresses at the other end, in CIDR notation, or single addresses. @example ["203.0.113.0/24"] */
  readonly peers: readonly string[];
  /** Why the rule is there; DigitalOcean has no field for it, a reader of the program does. @example "operators" */
  readonly purpose: string;
}

/** Ports by which machines are administered: never open to everybody. */
const administrationPorts: Readonly<Record<number, string>> = {
  22: "SSH",
  3389: "RDP",
  5432: "PostgreSQL",
  6379: "Valkey",
};

/** What is wrong with a list of rules; paths begin with the rule's index. */
export function faultsOfRules(
  rules: readonly FirewallRule[],
  direction: "inbound" | "outbound",
): ArgumentFault[] {
  return rules.flatMap((rule, index) =>
    [
      ...faultsOfPorts(rule),
      ...faultsOfPeers(rule),
      ...(direction === "inbound" ? faultsOfExposure(rule) : []),
    ].map((fault) => ({ ...fault, path: `${index}.${fault.path}` })),
  );
}

/** A rule's ports as DigitalOcean tells them back: `22`, `8000-8999`, `all` for every port; nothing for ICMP. */
export function portRangeOf(ports: FirewallRule["ports"]): { portRange?: string } {
  if (ports === undefined) return {};
  const [first, last] = spanOf(ports);
  if (first === 1 && last === 65_535) return { portRange: "all" };
  if (first === last) return { portRange: String(first) };
  return { portRange: `${first}-${last}` };
}

function faultsOfPorts({ protocol, ports }: FirewallRule): ArgumentFault[] {
  if (protocol === "icmp") {
    if (ports === undefined) return [];
    return [{ path: "ports", problem: "is given, but ICMP has no ports", remedy: "Leave it out." }];
  }
  if (ports === undefined) {
    const remedy = 'Give a port, a range of two, or "all".';
    return [{ path: "ports", problem: `is missing, but ${protocol} has ports`, remedy }];
  }
  const span = spanOf(ports);
  if (span.every((port) => Number.isInteger(port) && port >= 1 && port <= 65535) && span[0] <= span[1])
    return [];
  const problem = `is ${span.join("-")}, which is no range of ports`;
  return [{ path: "ports", problem, remedy: "Give whole numbers from 1 to 65535, the smaller one first." }];
}

function faultsOfPeers({ peers }: FirewallRule): ArgumentFault[] {
  if (peers.length === 0) {
    const remedy = "Name at least one range, or leave the whole rule out.";
    return [{ path: "peers", problem: "is empty, which lets nobody through", remedy }];
  }
  return peers.flatMap((peer, index) =>
    ipaddr.isValid(peer) || ipaddr.isValidCIDR(peer)
      ? []
      : [
          {
            path: `peers[${index}]`,
            problem: `is "${peer}", which is neither an address nor a range in CIDR notation`,
            remedy: "Write it as in 203.0.113.0/24.",
          },
        ],
  );
}

function faultsOfExposure({ ports, peers }: FirewallRule): ArgumentFault[] {
  if (ports === undefined || !peers.some(isEverybody)) return [];
  const [first, last] = spanOf(ports);
  return Object.entries(administrationPorts)
    .filter(([port]) => Number(port) >= first && Number(port) <= last)
    .map(([port, service]) => ({
      path: "peers",
      problem: `opens port ${port} (${service}) to the whole internet`,
      remedy: "Name the ranges your operators or clients come from.",
    }));
}

/** The first and the last of a rule's ports. */
export function spanOf(ports: NonNullable<FirewallRule["ports"]>): readonly [first: number, last: number] {
  if (ports === "all") return [1, 65535];
  return typeof ports === "number" ? [ports, ports] : ports;
}
