import type { DropletArgs, DropletAutoscaleArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";

export const requireDropletMonitoring = resourceRule<
  Pick<DropletArgs, "monitoring"> & Pick<DropletAutoscaleArgs, "dropletTemplate">
>({
  name: "require-droplet-monitoring",
  description:
    "DigitalOcean's agent measures every droplet: without it there is no figure of memory and disk, and no alert on one.",
  remedy: "set `monitoring: true` (autoscale pools: `dropletTemplate: { withDropletAgent: true }`)",
  severity: "low",
  references: [
    { framework: "CIS DigitalOcean", id: "Droplets: resource monitoring" },
    { framework: "ScoutSuite", id: "droplet-droplets-features-monitoring" },
    { framework: "ISO 27001", id: "A.8.16" },
  ],
  types: ["digitalocean:index/droplet:Droplet", "digitalocean:index/dropletAutoscale:DropletAutoscale"],
  check: (inputs, report, { type }) => {
    if (type.endsWith(":Droplet")) {
      if (inputs.monitoring !== true) report("nothing measures it", "monitoring");
    } else if (inputs.dropletTemplate?.withDropletAgent !== true)
      report("nothing measures its droplets", "dropletTemplate.withDropletAgent");
  },
});
