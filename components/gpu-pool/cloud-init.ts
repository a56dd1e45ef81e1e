import { stringify } from "yaml";
import type { Gpu } from "../../catalog/sizes.ts";
import type { FirewallRule } from "../firewall/rules.ts";
import { containerFirewall, firewallCommands } from "./host-firewall.ts";
import { auditRules, intrusionPrevention, keysOnly, unattendedUpgrades } from "./host-security.ts";
import { journalSettings, type LogTarget, shippingSettings } from "./logs.ts";
import { gpuExporterService, nodeExporterSettings } from "./metrics-exporters.ts";
import { privateAddressService, privateAddressUnit } from "./private-address.ts";
import {
  deliveredPath,
  deliveredService,
  deliveryAccess,
  deliveryKey,
  deliveryKeysFile,
  secretsAccount,
  secretsProgram,
  secretsTmpfiles,
} from "./worker-secrets.ts";
import { paths, type WorkerSpec, workerService, workerUid } from "./worker-unit.ts";

/** What the set-up of a GPU droplet depends on. */
export interface CloudInitSpec extends WorkerSpec {
  /** What the host's firewall lets in, for its own processes and for containers. */
  readonly inbound: readonly FirewallRule[];
  /** Public key of whoever delivers secrets; without one, root brings them. */
  readonly deliveryKey?: string;
  /** Where logs are sent to; without it they stay on the droplet. */
  readonly logTarget?: LogTarget;
}

/** DigitalOcean takes no more user data than this. */
export const maximumUserDataBytes = 65_536;

/** The package source of NVIDIA's container toolkit, with the fingerprint of the key that signs it. */
const nvidiaToolkit = {
  source: "deb [signed-by=$KEY_FILE] https://nvidia.github.io/libnvidia-container/stable/deb/$(ARCH) /",
  keyid: "C95B321B61E88C1809C4F759DDCAE044F796ECB0",
};

/** What every worker needs, from the distribution. */
const packages = [
  "docker.io",
  "ufw",
  "fail2ban",
  "auditd",
  "unattended-upgrades",
  "prometheus-node-exporter",
  "curl",
];

/** What sends logs on; an Ubuntu has the first already. */
const shippers = ["rsyslog", "rsyslog-gnutls"];

/** What each brand of GPU needs beside its drivers, which are in the droplet's image. */
const runtimes: Readonly<
  Record<Gpu["brand"], { sources: object; packages: string[]; commands: string[][] }>
> = {
  nvidia: {
    sources: { "nvidia-container-toolkit.list": nvidiaToolkit },
    packages: ["nvidia-container-toolkit"],
    commands: [["nvidia-ctk", "runtime", "configure", "--runtime=docker"]],
  },
  amd: { sources: {}, packages: [], commands: [] },
};

/**
 * User data that turns a GPU image into a worker: container runtime, worker under systemd, exporters of the machine's
 * and the GPUs' metrics, host firewall that holds for containers too, intrusion prevention, an audit log, unattended
 * upgrades, keys in place of passwords.
 *
 * User data can be read by every process of the droplet, so it holds no secret: the worker waits until they are
 * delivered.
 *
 * @returns cloud-config, at most {@link maximumUserDataBytes} long for any sensible input.
 */
export function workerCloudInit(spec: CloudInitSpec): string {
  const runtime = runtimes[spec.gpuBrand];
  const document = {
    ssh_pwauth: false,
    disable_root: false,
    package_update: true,
    package_upgrade: true,
    users: [
      "default",
      { name: secretsAccount, system: true, no_create_home: true, lock_passwd: true, shell: "/bin/sh" },
    ],
    apt: { sources: runtime.sources },
    packages: [...packages, ...runtime.packages, ...(spec.logTarget ? shippers : [])],
    write_files: filesOf(spec),
    runcmd: [
      ...firewallCommands(spec.inbound),
      ...workerFolders(),
      ...runtime.commands,
      ...services(),
      ...(spec.logTarget ? [["systemctl", "restart", "rsyslog"]] : []),
    ],
  };
  return `#cloud-config\n${stringify(document, { lineWidth: 0 })}`;
}

function filesOf(spec: CloudInitSpec) {
  const settings = Object.entries(spec.environment).map(([name, value]) => `${name}=${value}\n`);
  return [
    file(`/etc/systemd/system/${privateAddressUnit}`, privateAddressService()),
    file("/etc/systemd/system/whisper-worker.service", workerService(spec)),
    file("/etc/systemd/system/whisper-delivered.path", deliveredPath()),
    file("/etc/systemd/system/whisper-delivered.service", deliveredService()),
    { ...file(secretsProgram.path, secretsProgram.text), permissions: "0755" },
    file("/etc/tmpfiles.d/whisper-secrets.conf", secretsTmpfiles),
    ...accessFiles(spec.deliveryKey),
    file("/etc/systemd/system/gpu-metrics.service", gpuExporterService(spec.gpuBrand)),
    file(paths.settings, settings.join("")),
    file("/etc/default/prometheus-node-exporter", nodeExporterSettings),
    file("/etc/docker/daemon.json", `${JSON.stringify(dockerDaemon, null, 2)}\n`),
    file("/etc/systemd/journald.conf.d/10-whisper.conf", journalSettings),
    ...(spec.logTarget ? [file("/etc/rsyslog.d/60-whisper.conf", shippingSettings(spec.logTarget))] : []),
    file("/etc/ssh/sshd_config.d/10-keys-only.conf", keysOnly),
    file("/etc/apt/apt.conf.d/20auto-upgrades", unattendedUpgrades),
    file("/etc/fail2ban/jail.local", intrusionPrevention),
    file("/etc/audit/rules.d/50-whisper.rules", auditRules),
    // Behind what UFW's package brings, so once that is there.
    { ...file("/etc/ufw/after.rules", containerFirewall(spec.inbound)), append: true, defer: true },
  ];
}

/** Lets in whoever delivers secrets, when there is somebody. */
function accessFiles(publicKey: string | undefined) {
  if (publicKey === undefined) return [];
  const access = {
    account: secretsAccount,
    keysFile: deliveryKeysFile,
    command: `${secretsProgram.path} serve`,
  };
  return [
    file("/etc/ssh/sshd_config.d/20-whisper-secrets.conf", deliveryAccess(access)),
    file(deliveryKeysFile, deliveryKey(publicKey)),
  ];
}

/** A container's log goes where every other goes, and containers outlive a restart of the daemon. */
const dockerDaemon = {
  "log-driver": "journald",
  "log-opts": { tag: "{{.Name}}" },
  "live-restore": true,
  "no-new-privileges": true,
  "userland-proxy": false,
};

function file(path: string, content: string) {
  return { path, content, owner: "root:root", permissions: "0644" };
}

function workerFolders(): string[][] {
  return [
    ["install", "-d", "-m", "0700", "/etc/whisper"],
    ["systemd-tmpfiles", "--create", "/etc/tmpfiles.d/whisper-secrets.conf"],
    ["install", "-d", "-o", String(workerUid), "-g", String(workerUid), paths.models],
  ];
}

function services(): string[][] {
  return [
    ["systemctl", "daemon-reload"],
    ["systemctl", "restart", "systemd-journald"],
    ["systemctl", "restart", "ssh"],
    ["systemctl", "restart", "docker"],
    ["systemctl", "enable", "--now", "fail2ban", "unattended-upgrades", "auditd"],
    ["augenrules", "--load"],
    ["systemctl", "enable", "--now", "prometheus-node-exporter", "gpu-metrics.service"],
    ["systemctl", "enable", "whisper-worker.service"],
    ["systemctl", "enable", "--now", "whisper-delivered.path"],
  ];
}
