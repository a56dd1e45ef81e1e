import { stringify } from "yaml";
import type { Gpu } from "../../catalog/sizes.ts";
import { paths, secretsPath, type WorkerSpec, workerService, workerUid } from "./worker-unit.ts";

/** What the set-up of a GPU droplet depends on. */
export interface CloudInitSpec extends WorkerSpec {
  /** Range from which metrics may be read, the VPC's. */
  readonly vpcRange: string;
  /** Ranges from which an operator may sign in. */
  readonly operatorRanges: readonly string[];
}

/** DigitalOcean takes no more user data than this. */
export const maximumUserDataBytes = 65_536;

/** The package source of NVIDIA's container toolkit, with the fingerprint of the key that signs it. */
const nvidiaToolkit = {
  source: "deb [signed-by=$KEY_FILE] https://nvidia.github.io/libnvidia-container/stable/deb/$(ARCH) /",
  keyid: "C95B321B61E88C1809C4F759DDCAE044F796ECB0",
};

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
 * User data that turns a GPU image into a worker: container runtime, worker under systemd, host firewall,
 * intrusion prevention, unattended upgrades, keys in place of passwords.
 *
 * User data can be read by every process of the droplet, so it holds no secret: the worker waits for
 * `/etc/whisper/worker.env`.
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
    apt: { sources: runtime.sources },
    packages: ["docker.io", "ufw", "fail2ban", "unattended-upgrades", "curl", ...runtime.packages],
    write_files: filesOf(spec),
    runcmd: [...hostFirewall(spec), ...workerFolders(), ...runtime.commands, ...services()],
  };
  return `#cloud-config\n${stringify(document, { lineWidth: 0 })}`;
}

function filesOf(spec: CloudInitSpec) {
  const settings = Object.entries(spec.environment).map(([name, value]) => `${name}=${value}\n`);
  return [
    file("/etc/systemd/system/whisper-worker.service", workerService(spec)),
    file("/etc/systemd/system/whisper-worker.path", secretsPath()),
    file(paths.settings, settings.join("")),
    file("/etc/docker/daemon.json", `${JSON.stringify(dockerDaemon, null, 2)}\n`),
    file("/etc/ssh/sshd_config.d/10-keys-only.conf", keysOnly),
    file("/etc/apt/apt.conf.d/20auto-upgrades", unattendedUpgrades),
    file(
      "/etc/fail2ban/jail.local",
      "[sshd]\nenabled = true\nbackend = systemd\nmaxretry = 4\nbantime = 1h\n",
    ),
  ];
}

/** A container's log cannot fill the disk, and containers outlive a restart of the daemon. */
const dockerDaemon = {
  "log-driver": "json-file",
  "log-opts": { "max-size": "50m", "max-file": "5" },
  "live-restore": true,
  "no-new-privileges": true,
  "userland-proxy": false,
};

const keysOnly = [
  "PasswordAuthentication no",
  "KbdInteractiveAuthentication no",
  "PermitRootLogin prohibit-password",
  "",
].join("\n");

/** Security updates install themselves; a reboot waits for an operator, as it would stop a job. */
const unattendedUpgrades = [
  'APT::Periodic::Update-Package-Lists "1";',
  'APT::Periodic::Unattended-Upgrade "1";',
  'Unattended-Upgrade::Automatic-Reboot "false";',
  "",
].join("\n");

function file(path: string, content: string) {
  return { path, content, owner: "root:root", permissions: "0644" };
}

function hostFirewall({ vpcRange, operatorRanges, metricsPort }: CloudInitSpec): string[][] {
  return [
    ["ufw", "default", "deny", "incoming"],
    ["ufw", "default", "allow", "outgoing"],
    ...operatorRanges.map((range) => [
      "ufw",
      "allow",
      "from",
      range,
      "to",
      "any",
      "port",
      "22",
      "proto",
      "tcp",
    ]),
    ["ufw", "allow", "from", vpcRange, "to", "any", "port", String(metricsPort), "proto", "tcp"],
    ["ufw", "--force", "enable"],
  ];
}

function workerFolders(): string[][] {
  return [
    ["install", "-d", "-m", "0700", "/etc/whisper", paths.dockerConfig],
    ["install", "-d", "-o", String(workerUid), "-g", String(workerUid), paths.models],
  ];
}

function services(): string[][] {
  return [
    ["systemctl", "daemon-reload"],
    ["systemctl", "restart", "ssh"],
    ["systemctl", "restart", "docker"],
    ["systemctl", "enable", "--now", "fail2ban", "unattended-upgrades"],
    ["systemctl", "enable", "--now", "whisper-worker.path"],
    ["systemctl", "enable", "whisper-worker.service"],
  ];
}
