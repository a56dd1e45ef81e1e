import type { FirewallArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";

export const requireAttachedFirewalls = resourceRule<FirewallArgs>({
  name: "require-attached-firewalls",
  description:
    "A firewall stands before something: one without droplets and tags looks like protection and is none.",
  remedy: "give it `tags: [tag.name]`, which the droplets bear too, or `dropletIds`",
  severity: "medium",
  references: [{ framework: "CIS DigitalOcean", id: "Firewalls" }],
  types: ["digitalocean:index/firewall:Firewall"],
  check: ({ dropletIds = [], tags = [] }, report) => {
    if (dropletIds.length === 0 && tags.length === 0) report("it stands before no droplet", "tags");
  },
});
