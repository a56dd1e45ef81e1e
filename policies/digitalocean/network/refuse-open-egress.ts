import type { FirewallArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";
import { isEverybody } from "../addresses.ts";

/** What a machine has to reach wherever it is: the web, names and the time. */
const publicPorts: Readonly<Record<string, readonly string[]>> = {
  tcp: ["53", "80", "443"],
  udp: ["53", "123", "443"],
};

export const refuseOpenEgress = resourceRule<FirewallArgs>({
  name: "refuse-open-egress",
  description:
    "Machines reach the whole internet for web, names and time alone: any port to anybody is how stolen data leaves, and how a broken machine attacks others.",
  remedy:
    'name the ports: `{ protocol: "tcp", portRange: "443", destinationAddresses: ["0.0.0.0/0", "::/0"] }`, and for others the addresses or tags they lead to',
  severity: "medium",
  references: [
    { framework: "Trivy", id: "DIG-0003" },
    { framework: "SOC 2", id: "CC6.6" },
    { framework: "ISO 27001", id: "A.8.20" },
  ],
  types: ["digitalocean:index/firewall:Firewall"],
  check: (firewall, report) => {
    for (const [index, rule] of (firewall.outboundRules ?? []).entries()) {
      if (rule.protocol === "icmp") continue;
      if (publicPorts[rule.protocol]?.includes(rule.portRange ?? "")) continue;
      const open = (rule.destinationAddresses ?? []).filter(isEverybody);
      if (open.length > 0)
        report(
          `${rule.protocol} ${rule.portRange ?? "all ports"} leads to ${open.join(", ")}`,
          `outboundRules[${index}]`,
        );
    }
  },
});
