import { stackRule } from "../../rule.ts";
import { covers, firewallsOf } from "../network/coverage.ts";
import { machinesOf } from "./machine.ts";

export const requireDropletFirewall = stackRule({
  name: "require-droplet-firewall",
  description:
    "A cloud firewall stands before every droplet: without one, whatever listens on it is reached by everybody.",
  remedy:
    "add a `Firewall` with `tags: [tag.name]` and give the droplet the same tag, or name the droplet in its `dropletIds`",
  severity: "high",
  references: [
    { framework: "CIS DigitalOcean", id: "Droplets: firewall attached" },
    { framework: "ScoutSuite", id: "droplet-droplets-firewall-not-attached" },
    { framework: "SOC 2", id: "CC6.6" },
    { framework: "ISO 27001", id: "A.8.20" },
  ],
  check: (resources, report) => {
    const firewalls = firewallsOf(resources);
    for (const machine of machinesOf(resources)) {
      if (!firewalls.some((firewall) => covers(firewall, machine)))
        report(machine.resource.urn, "no firewall of this stack names it or one of its tags");
    }
  },
});
