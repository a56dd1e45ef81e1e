import type { DropletArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../../rule.ts";

/** The tag by which a droplet says that it holds nothing that could be lost. */
const statelessTag = "stateless";

export const requireDropletBackup = resourceRule<DropletArgs>({
  name: "require-droplet-backup",
  description: "A droplet is backed up, or says that it holds nothing: what nobody declared is lost one day.",
  remedy: `set \`backups: true\`, or tag a droplet that can be made again \`${statelessTag}\``,
  severity: "medium",
  references: [
    { framework: "CIS DigitalOcean", id: "Droplets: backups" },
    { framework: "ScoutSuite", id: "droplet-droplets-backup-not-enabled" },
    { framework: "ISO 27001", id: "A.8.13" },
  ],
  types: ["digitalocean:index/droplet:Droplet"],
  check: (droplet, report) => {
    if (droplet.backups === true) return;
    if (!(droplet.tags ?? []).includes(statelessTag))
      report("backups are off and it does not say it is stateless", "backups");
  },
});
