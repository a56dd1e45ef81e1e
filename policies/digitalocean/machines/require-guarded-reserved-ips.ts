import type { PolicyResource } from "@pulumi/policy";
import { stackRule } from "../../rule.ts";
import { isGiven, refersTo } from "../links.ts";
import { covers, firewallsOf } from "../network/coverage.ts";
import { machinesOf } from "./machine.ts";

/** What leads a public address that stays to a droplet. */
const addressTypes = [
  "digitalocean:index/floatingIp:FloatingIp",
  "digitalocean:index/floatingIpAssignment:FloatingIpAssignment",
  "digitalocean:index/reservedIp:ReservedIp",
  "digitalocean:index/reservedIpAssignment:ReservedIpAssignment",
  "digitalocean:index/reservedIpv6Assignment:ReservedIpv6Assignment",
];

export const requireGuardedReservedIps = stackRule({
  name: "require-guarded-reserved-ips",
  description:
    "A reserved address leads to a droplet that a firewall of the stack stands before: whoever knows the address once knows it for ever.",
  remedy:
    "lead it to a droplet of the stack by reference, `dropletId: droplet.id.apply(Number)`, that is behind a `Firewall`; for web traffic use a load balancer",
  severity: "high",
  references: [
    { framework: "SOC 2", id: "CC6.6" },
    { framework: "ISO 27001", id: "A.8.20" },
  ],
  check: (resources, report) => {
    const firewalls = firewallsOf(resources);
    const guarded = machinesOf(resources)
      .filter((machine) => firewalls.some((firewall) => covers(firewall, machine)))
      .map(({ resource }) => resource);
    for (const address of resources.filter(leadsToDroplet)) {
      if (!guarded.some((droplet) => refersTo(address, "dropletId", droplet)))
        report(address.urn, "dropletId: it leads to a droplet that no firewall of this stack stands before");
    }
  },
});

/** One that leads nowhere yet is nobody's way in. */
const leadsToDroplet = ({ type, props }: PolicyResource): boolean =>
  addressTypes.includes(type) && isGiven(props, "dropletId");
