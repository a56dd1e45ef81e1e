import { secretsFolder } from "./worker-secrets.ts";

/** Keys in place of passwords, for every account. */
export const keysOnly = [
  "PasswordAuthentication no",
  "KbdInteractiveAuthentication no",
  "PermitRootLogin prohibit-password",
  "",
].join("\n");

/** Security updates install themselves; a reboot waits for an operator, as it would stop a job. */
export const unattendedUpgrades = [
  'APT::Periodic::Update-Package-Lists "1";',
  'APT::Periodic::Unattended-Upgrade "1";',
  'Unattended-Upgrade::Automatic-Reboot "false";',
  "",
].join("\n");

/** Shuts out who tries keys, for an hour; who comes back after that, for a week. */
export const intrusionPrevention = [
  "[sshd]",
  "enabled = true",
  "backend = systemd",
  "maxretry = 4",
  "bantime = 1h",
  "",
  "[recidive]",
  "enabled = true",
  "findtime = 1d",
  "maxretry = 3",
  "bantime = 1w",
  "",
].join("\n");

/** What the kernel writes down of whoever does it: reading secrets, changing who may what, loading modules, setting clocks. */
export const auditRules = [
  `-w ${secretsFolder} -p rwa -k whisper-secrets`,
  "-w /etc/whisper -p wa -k whisper-settings",
  "-w /etc/passwd -p wa -k accounts",
  "-w /etc/shadow -p wa -k accounts",
  "-w /etc/sudoers -p wa -k privileges",
  "-w /etc/sudoers.d -p wa -k privileges",
  "-w /etc/ssh -p wa -k sign-in",
  "-w /root/.ssh -p wa -k sign-in",
  "-w /etc/ufw -p wa -k firewall",
  "-w /etc/systemd/system -p wa -k services",
  "-w /etc/docker -p wa -k services",
  "-a always,exit -F arch=b64 -S init_module,finit_module,delete_module -k modules",
  "-a always,exit -F arch=b64 -S settimeofday,clock_settime -k clock",
  "",
].join("\n");
