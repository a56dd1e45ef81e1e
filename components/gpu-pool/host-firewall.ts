/** Who reaches a droplet, as its own firewall has it. DigitalOcean's firewall stands before it and says the same. */
export interface HostFirewall {
  /** Ranges from which metrics may be read. */
  readonly metricsRanges: readonly string[];
  /** Ranges from which an operator may sign in. */
  readonly operatorRanges: readonly string[];
  /** Ports of metrics of the host's own processes. */
  readonly hostPorts: readonly number[];
  /** Ports of metrics of containers. */
  readonly containerPorts: readonly number[];
}

/** Commands of UFW that close the host: nothing comes in but what is named. */
export function firewallCommands({ metricsRanges, operatorRanges, hostPorts }: HostFirewall): string[][] {
  const allow = (range: string, port: number) =>
    `ufw allow from ${range} to any port ${port} proto tcp`.split(" ");
  return [
    ["ufw", "default", "deny", "incoming"],
    ["ufw", "default", "allow", "outgoing"],
    ...operatorRanges.map((range) => allow(range, 22)),
    ...hostPorts.flatMap((port) => metricsRanges.map((range) => allow(range, port))),
    ["ufw", "--force", "enable"],
  ];
}

/**
 * Rules that UFW loads behind its own, which close what Docker publishes: its packets are forwarded, and never pass the
 * chains in which UFW's allowances stand. Docker asks this chain first, and leaves to others what is in it.
 */
export function containerFirewall({ metricsRanges, containerPorts }: HostFirewall): string {
  return [
    "*filter",
    ":DOCKER-USER - [0:0]",
    "-A DOCKER-USER -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN",
    // What containers send, to each other and to the world.
    "-A DOCKER-USER -i docker0 -j RETURN",
    // By the port that was asked for: the packet bears the container's own by now.
    ...containerPorts.flatMap((port) =>
      metricsRanges.map(
        (range) =>
          `-A DOCKER-USER -s ${range} -p tcp -m conntrack --ctorigdstport ${port} --ctdir ORIGINAL -j RETURN`,
      ),
    ),
    "-A DOCKER-USER -j DROP",
    "COMMIT",
    "",
  ].join("\n");
}
