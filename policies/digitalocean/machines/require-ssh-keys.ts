import { machineRule } from "./machine.ts";

export const requireSshKeys = machineRule({
  name: "require-ssh-keys",
  description: "A droplet is made with SSH keys: without any, DigitalOcean mails a root password.",
  remedy: "give the droplet `sshKeys: [key.fingerprint]`",
  severity: "high",
  references: [
    { framework: "CIS DigitalOcean", id: "Droplets: SSH keys only" },
    { framework: "Checkov", id: "CKV_DIO_2" },
    { framework: "Trivy", id: "DIG-0004" },
    { framework: "ISO 27001", id: "A.8.5" },
  ],
  check: ({ sshKeys }, report) => {
    // The keys may be made in the same change: that there are some can be seen before their ids can.
    if ((sshKeys ?? []).length === 0) report("the droplet has no SSH key", "sshKeys");
  },
});
