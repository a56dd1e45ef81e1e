import type { FirewallArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";
import { isEverybody } from "../addresses.ts";

/** What the internet may reach: web traffic. */
const publicPorts = ["80", "443"];

export const refuseOpenIngress = resourceRule<FirewallArgs>({
  name: "refuse-open-ingress",
  description:
    "Only web ports are open to the whole internet: everything else is for named addresses or tags.",
  remedy: "restrict the rule with `sourceAddresses`, `sourceTags` or `sourceLoadBalancerUids`",
  severity: "high",
  references: [
    { framework: "Trivy", id: "DIG-0001" },
    { framework: "Checkov", id: "CKV_DIO_4" },
    { framework: "ScoutSuite", id: "networking-firewalls-public-ports" },
    { framework: "ScoutSuite", id: "networking-firewalls-quad-zero" },
    { framework: "ScoutSuite", id: "droplet-droplets-all-ports-exposed" },
    { framework: "ISO 27001", id: "A.8.20" },
  ],
  types: ["digitalocean:index/firewall:Firewall"],
  check: (firewall, report) => {
    for (const [index, rule] of (firewall.inboundRules ?? []).entries()) {
      if (rule.protocol === "icmp") continue;
      if (rule.protocol === "tcp" && publicPorts.includes(rule.portRange ?? "")) continue;
      const open = (rule.sourceAddresses ?? []).filter(isEverybody);
      if (open.length > 0) {
        report(
          `${rule.protocol} ${rule.portRange ?? "all ports"} is open to ${open.join(", ")}`,
          `inboundRules[${index}]`,
        );
      }
    }
  },
});
