import { machineRule } from "./machine.ts";

/** Lines of cloud-init, of a shell and of sshd by which somebody signs in with a password. */
const openings: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  {
    what: "lets SSH ask for passwords (ssh_pwauth)",
    pattern: /^\s*ssh_pwauth:\s*["']?(?:true|yes|on|1)\b/im,
  },
  {
    what: "lets sshd ask for passwords (PasswordAuthentication)",
    pattern: /^[^#\n]*\bPasswordAuthentication\s+yes\b/im,
  },
  {
    what: "lets root sign in with a password (PermitRootLogin)",
    pattern: /^[^#\n]*\bPermitRootLogin\s+yes\b/im,
  },
  {
    what: "gives a user a password in plain text",
    pattern: /^\s*(?:-\s+)?plain_text_passwd:|^\s*chpasswd:|\|\s*(?:sudo\s+)?chpasswd\b/im,
  },
];

export const refusePasswordSignIn = machineRule({
  name: "refuse-password-sign-in",
  description:
    "Nobody signs in to a droplet with a password: passwords are guessed all day long, keys are not.",
  remedy: "write `ssh_pwauth: false` into the user data, and let the keys of `sshKeys` in",
  severity: "high",
  references: [
    { framework: "CIS DigitalOcean", id: "Droplets: SSH keys only" },
    { framework: "ISO 27001", id: "A.8.5" },
  ],
  check: ({ userData }, report) => {
    const text = userData ?? "";
    for (const { what, pattern } of openings) if (pattern.test(text)) report(`it ${what}`, "userData");
  },
});
