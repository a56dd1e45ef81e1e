import ipaddr from "ipaddr.js";
import { type FirewallRule, spanOf } from "../firewall/rules.ts";

/** One port, or one range of them, for one range of callers. */
interface Opening {
  readonly protocol: "tcp" | "udp";
  /** `22`, or `8000:8999`, as UFW and iptables both write it. */
  readonly ports: string;
  readonly from: string;
}

/**
 * Commands of UFW that close the host as DigitalOcean's firewall, which stands before it, does: nothing comes in but what
 * its rules let in. Pings UFW answers by itself.
 *
 * @param inbound What is let in.
 */
export function firewallCommands(inbound: readonly FirewallRule[]): string[][] {
  return [
    ["ufw", "default", "deny", "incoming"],
    ["ufw", "default", "allow", "outgoing"],
    ...openings(inbound).map(({ protocol, ports, from }) =>
      `ufw allow from ${from} to any port ${ports} proto ${protocol}`.split(" "),
    ),
    ["ufw", "--force", "enable"],
  ];
}

/**
 * Rules that UFW loads behind its own, which close what Docker publishes: its packets are forwarded, and never pass the
 * chains in which UFW's allowances stand. Docker asks this chain first, and leaves to others what is in it.
 *
 * @param inbound What is let in, whether a container listens there or the host.
 */
export function containerFirewall(inbound: readonly FirewallRule[]): string {
  return [
    "*filter",
    ":DOCKER-USER - [0:0]",
    "-A DOCKER-USER -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN",
    // The droplet's metadata, user data included, is the host's: a container that is led astray cannot read it.
    "-A DOCKER-USER -d 169.254.169.254 -j DROP",
    // What containers send, to each other and to the world.
    "-A DOCKER-USER -i docker0 -j RETURN",
    // The droplets have no IPv6; one address of it would have the filter refuse the whole file.
    ...openings(inbound)
      .filter(({ from }) => ipaddr.IPv4.isValidCIDR(from) || ipaddr.IPv4.isValid(from))
      // By the port that was asked for: the packet bears the container's own by now.
      .map(
        ({ protocol, ports, from }) =>
          `-A DOCKER-USER -s ${from} -p ${protocol} -m conntrack --ctorigdstport ${ports} --ctdir ORIGINAL -j RETURN`,
      ),
    "-A DOCKER-USER -j DROP",
    "COMMIT",
    "",
  ].join("\n");
}

function openings(inbound: readonly FirewallRule[]): Opening[] {
  return inbound.flatMap(({ protocol, ports, peers }) => {
    if (protocol === "icmp" || ports === undefined) return [];
    const [first, last] = spanOf(ports);
    const written = first === last ? String(first) : `${first}:${last}`;
    return peers.map((from) => ({ protocol, ports: written, from }));
  });
}
