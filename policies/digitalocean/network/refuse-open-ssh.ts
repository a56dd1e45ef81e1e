import type { FirewallArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";
import { includesPort, isEverybody } from "../addresses.ts";

const sshPort = 22;

export const refuseOpenSsh = resourceRule<FirewallArgs>({
  name: "refuse-open-ssh",
  description: "SSH is not reachable from the whole internet: it is the first thing attackers try.",
  remedy: 'name the addresses that may sign in: `sourceAddresses: ["203.0.113.7/32"]`',
  severity: "critical",
  references: [
    { framework: "CIS DigitalOcean", id: "Firewalls" },
    { framework: "Checkov", id: "CKV_DIO_4" },
    { framework: "Trivy", id: "DIG-0001" },
    { framework: "ScoutSuite", id: "droplet-droplets-port-22-exposed" },
    { framework: "ISO 27001", id: "A.8.20" },
  ],
  types: ["digitalocean:index/firewall:Firewall"],
  check: (firewall, report) => {
    for (const [index, rule] of (firewall.inboundRules ?? []).entries()) {
      if (rule.protocol !== "tcp" || !includesPort(rule.portRange, sshPort)) continue;
      const open = (rule.sourceAddresses ?? []).filter(isEverybody);
      if (open.length > 0) report(`port 22 is open to ${open.join(", ")}`, `inboundRules[${index}]`);
    }
  },
});
