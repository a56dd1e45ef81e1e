import type { DropletArgs } from "@pulumi/digitalocean";
import { resourceRule } from "../rule.ts";

export const requireSshKeys = resourceRule<DropletArgs>({
  name: "require-ssh-keys",
  description: "A droplet is made with SSH keys: without any, DigitalOcean mails a root password.",
  remedy: "give the droplet `sshKeys: [key.fingerprint]`",
  severity: "high",
  references: [
    { framework: "CIS DigitalOcean", id: "Droplets" },
    { framework: "Checkov", id: "CKV_DIO_2" },
    { framework: "Trivy", id: "DIG-0004" },
  ],
  types: ["digitalocean:index/droplet:Droplet"],
  check: (droplet, report) => {
    // The keys may be made in the same change: that there are some can be seen before their ids can.
    if ((droplet.sshKeys ?? []).length === 0) report("the droplet has no SSH key", "sshKeys");
  },
});
