import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  type CloudInitSpec,
  maximumUserDataBytes,
  workerCloudInit,
} from "../../components/gpu-pool/cloud-init.ts";
import { sampleDeliveryKey } from "../../components/gpu-pool/delivery-identity.ts";
import { containerFirewall } from "../../components/gpu-pool/host-firewall.ts";
import { shippingSettings } from "../../components/gpu-pool/logs.ts";
import { gpuExporterService } from "../../components/gpu-pool/metrics-exporters.ts";
import { privateAddressFile, privateAddressService } from "../../components/gpu-pool/private-address.ts";
import {
  deliveredPath,
  deliveredService,
  deliveryAccess,
  deliveryKeysFile,
  secretsAccount,
  secretsFolder,
  secretsProgram,
} from "../../components/gpu-pool/worker-secrets.ts";
import { gpuFlags, paths, workerService } from "../../components/gpu-pool/worker-unit.ts";

const spec: CloudInitSpec = {
  image: "registry.digitalocean.com/whisper-staging/worker:0.1.0",
  gpuBrand: "nvidia",
  stopGraceSeconds: 600,
  metricsPort: 9100,
  environment: { WHISPER_MODEL: "large-v3" },
  inbound: [
    { protocol: "tcp", ports: 22, peers: ["203.0.113.0/24", "2001:db8::/32"], purpose: "operators" },
    { protocol: "tcp", ports: 9100, peers: ["10.16.0.0/16", "10.17.0.0/16"], purpose: "metrics" },
    { protocol: "udp", ports: [6000, 6010], peers: ["10.16.0.0/16"], purpose: "a range" },
    { protocol: "icmp", peers: ["10.16.0.0/16"], purpose: "pings" },
  ],
};

/** What a program says of a file of the given name; undefined when the program is not here. */
function verdictOf(
  program: string,
  argumentsFor: (file: string) => string[],
  fileName: string,
  content: string,
  neighbours: Readonly<Record<string, string>> = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "cloud-init-"));
  try {
    for (const [name, text] of Object.entries(neighbours)) writeFileSync(join(folder, name), text);
    const file = join(folder, fileName);
    writeFileSync(file, content);
    const run = spawnSync(program, argumentsFor(file), { encoding: "utf8" });
    return run.error ? undefined : { accepted: run.status === 0, output: run.stdout + run.stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const schemaVerdict = (userData: string) =>
  verdictOf("cloud-init", (file) => ["schema", "--config-file", file], "user-data", userData);

const cloudInitIsHere = schemaVerdict("#cloud-config\n{}\n") !== undefined;
if (!cloudInitIsHere) {
  process.stderr.write(
    "NOT RUN: cloud-init is not installed, so nobody judges the droplets' user data (apt-get install cloud-init)\n",
  );
}

describe.skipIf(!cloudInitIsHere)("cloud-init itself", () => {
  it.each(["nvidia", "amd"] as const)("accepts the user data of %s workers", (gpuBrand) => {
    const verdict = schemaVerdict(workerCloudInit({ ...spec, gpuBrand, deliveryKey: sampleDeliveryKey }));
    expect(verdict, verdict?.output).toMatchObject({ accepted: true });
  });

  it("refuses what is wrong, so that its approval means something", () => {
    const broken = workerCloudInit(spec).replace("package_update: true", "package_update: perhaps");
    expect(schemaVerdict(broken)).toMatchObject({ accepted: false });
  });
});

const unitVerdict = (unit: string, name = "whisper-worker.service", others?: Record<string, string>) =>
  verdictOf("systemd-analyze", (file) => ["verify", "--man=no", file], name, unit, others);

const systemdIsHere = unitVerdict("[Service]\nExecStart=/bin/true\n")?.accepted === true;
if (!systemdIsHere) {
  process.stderr.write(
    "NOT RUN: systemd-analyze is not usable here, so nobody judges the worker's unit (apt-get install systemd)\n",
  );
}

describe.skipIf(!systemdIsHere)("systemd itself", () => {
  // Docker is not installed where the tests run: its path would be the only complaint.
  const withoutDocker = (unit: string) =>
    unit.replaceAll("/usr/bin/docker", "/bin/true").replace(/^Requires=.*$/m, "");

  it.each([
    ["worker", workerService(spec)],
    ["GPUs' metrics", gpuExporterService("nvidia")],
    ["private address", privateAddressService()],
    ["worker's start", deliveredService()],
  ])("finds nothing to complain about in the unit of the %s", (_, unit) => {
    expect(unitVerdict(withoutDocker(unit))).toEqual({ accepted: true, output: "" });
  });

  it("finds nothing to complain about in what notices a delivery", () => {
    const service = { "whisper-delivered.service": deliveredService() };
    const verdict = unitVerdict(deliveredPath(), "whisper-delivered.path", service);
    expect(verdict).toEqual({ accepted: true, output: "" });
  });

  it("complains of a broken one, so that its silence means something", () => {
    const broken = workerService(spec).replace("TimeoutStopSec=630", "TimeoutStopSec=soon");
    expect(unitVerdict(withoutDocker(broken))?.output).toContain("Failed to parse time value");
  });
});

/** What sshd says of a configuration. */
function accessVerdict(access: string) {
  const folder = mkdtempSync(join(tmpdir(), "host-key-"));
  try {
    const key = join(folder, "key");
    spawnSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    const user = `user=${secretsAccount},host=droplet,addr=10.16.0.4`;
    return verdictOf(
      "/usr/sbin/sshd",
      (file) => ["-T", "-C", user, "-f", file, "-h", key],
      "sshd_config",
      access,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const sshdIsHere = accessVerdict("")?.accepted === true;
if (!sshdIsHere) {
  process.stderr.write(
    "NOT RUN: sshd is not usable here, so nobody judges who may deliver secrets (apt-get install openssh-server, and a folder /run/sshd)\n",
  );
}

describe.skipIf(!sshdIsHere)("sshd itself", () => {
  const command = `${secretsProgram.path} serve`;
  const access = deliveryAccess({ account: secretsAccount, keysFile: deliveryKeysFile, command });

  it("lets whoever delivers secrets in by key, for that alone", () => {
    const lines = accessVerdict(access)?.output.split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        `forcecommand ${command}`,
        `authorizedkeysfile ${deliveryKeysFile}`,
        "authenticationmethods publickey",
        "disableforwarding yes",
        "permittty no",
      ]),
    );
  });

  it("refuses what is wrong, so that its approval means something", () => {
    expect(accessVerdict(access.replace("PermitTTY no", "PermitTTY perhaps"))).toMatchObject({
      accepted: false,
    });
  });
});

/** What rsyslog says of a configuration. */
const rsyslogVerdict = (configuration: string) =>
  verdictOf("/usr/sbin/rsyslogd", (file) => ["-N1", "-f", file], "whisper.conf", configuration);

const rsyslogIsHere = rsyslogVerdict('action(type="omfile" file="/dev/null")\n')?.accepted === true;
if (!rsyslogIsHere) {
  process.stderr.write(
    "NOT RUN: rsyslogd is not installed, so nobody judges how logs are sent on (apt-get install rsyslog-gnutls)\n",
  );
}

describe.skipIf(!rsyslogIsHere)("rsyslog itself", () => {
  const configuration = shippingSettings({ host: "logs.example.com" });

  it("takes what sends logs on", () => {
    expect(rsyslogVerdict(configuration)).toMatchObject({ accepted: true });
  });

  it("refuses what is wrong, so that its approval means something", () => {
    expect(rsyslogVerdict(configuration.replace("queue.type", "queue.kind"))).toMatchObject({
      accepted: false,
    });
  });
});

/** What the kernel's packet filter says of rules, in a network of their own, which goes with the question. */
const filterVerdict = (rules: string) =>
  verdictOf(
    "unshare",
    (file) => ["--map-root-user", "--net", "iptables-restore", "--test", "--noflush", file],
    "after.rules",
    rules,
  );

const filterIsHere = filterVerdict("*filter\nCOMMIT\n")?.accepted === true;
if (!filterIsHere) {
  process.stderr.write(
    "NOT RUN: iptables-restore is not usable here, so nobody judges the rules for containers (apt-get install iptables)\n",
  );
}

describe.skipIf(!filterIsHere)("the packet filter itself", () => {
  const rules = containerFirewall(spec.inbound);

  it("takes the rules for containers", () => {
    expect(filterVerdict(rules)).toMatchObject({ accepted: true });
  });

  it("refuses what is wrong, so that its approval means something", () => {
    expect(filterVerdict(rules.replace("10.16.0.0/16", "10.16.0.0/99"))).toMatchObject({ accepted: false });
  });
});

/** Carries out a droplet's question for its private address, with a `curl` that does this. */
function afterAskingForTheAddress(curl: string) {
  const folder = mkdtempSync(join(tmpdir(), "worker-address-"));
  try {
    const file = join(folder, "address.env");
    const [, command = "exit 99"] = /^ExecStart=\/bin\/sh -c '(.*)'$/m.exec(privateAddressService()) ?? [];
    // systemd takes two dollars for one.
    const script = command.replaceAll("$$", "$").replace(privateAddressFile, file);
    const run = spawnSync("/bin/sh", ["-c", `curl() { ${curl}; }; ${script}`]);
    return { started: run.status === 0, settings: existsSync(file) ? readFileSync(file, "utf8") : undefined };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("the user data of a worker", () => {
  const document = (overlay: Partial<CloudInitSpec> = {}) => parse(workerCloudInit({ ...spec, ...overlay }));
  const fileOf = (path: string, overlay?: Partial<CloudInitSpec>): string =>
    document(overlay).write_files.find((file: { path: string }) => file.path === path).content;

  it("takes keys and no passwords", () => {
    expect(document()).toMatchObject({ ssh_pwauth: false });
    expect(document()).not.toHaveProperty("password");
    expect(document()).not.toHaveProperty("chpasswd");
    expect(fileOf("/etc/ssh/sshd_config.d/10-keys-only.conf")).toContain("PasswordAuthentication no");
  });

  it("closes the host to all but those whom its firewall in the cloud lets in, in this order", () => {
    const ufw = document().runcmd.filter(([program]: string[]) => program === "ufw");
    expect(ufw.map((command: string[]) => command.join(" "))).toEqual([
      "ufw default deny incoming",
      "ufw default allow outgoing",
      "ufw allow from 203.0.113.0/24 to any port 22 proto tcp",
      "ufw allow from 2001:db8::/32 to any port 22 proto tcp",
      "ufw allow from 10.16.0.0/16 to any port 9100 proto tcp",
      "ufw allow from 10.17.0.0/16 to any port 9100 proto tcp",
      "ufw allow from 10.16.0.0/16 to any port 6000:6010 proto udp",
      "ufw --force enable",
    ]);
  });

  it("closes what Docker publishes, which passes by UFW, to all but the same, who have no IPv6 there", () => {
    const after = document().write_files.find(
      ({ path }: { path: string }) => path === "/etc/ufw/after.rules",
    );
    expect(after).toMatchObject({ append: true, defer: true });
    const rules = after.content.split("\n").filter((line: string) => line.startsWith("-A DOCKER-USER"));
    const open = rules.flatMap(
      (rule: string) => /-s (\S+) -p (\S+) .*--ctorigdstport (\S+)/.exec(rule)?.slice(1).join(" ") ?? [],
    );
    expect(open).toEqual([
      "203.0.113.0/24 tcp 22",
      "10.16.0.0/16 tcp 9100",
      "10.17.0.0/16 tcp 9100",
      "10.16.0.0/16 udp 6000:6010",
    ]);
    expect(rules.at(-1)).toBe("-A DOCKER-USER -j DROP");
    // Before anything that containers are let do.
    expect(rules[1]).toBe("-A DOCKER-USER -d 169.254.169.254 -j DROP");
  });

  it("tells the metrics of the machine and of its GPUs", () => {
    expect(document().packages).toContain("prometheus-node-exporter");
    expect(fileOf("/etc/default/prometheus-node-exporter")).toContain(":9101");
    for (const gpuBrand of ["nvidia", "amd"] as const) {
      const unit = fileOf("/etc/systemd/system/gpu-metrics.service", { gpuBrand });
      for (const flag of gpuFlags[gpuBrand]) expect(unit).toContain(flag);
    }
  });

  it("writes down who reads secrets or changes who may what", () => {
    expect(document().packages).toContain("auditd");
    expect(fileOf("/etc/audit/rules.d/50-whisper.rules")).toContain(`-w ${secretsFolder} -p rwa`);
  });

  it("keeps its logs over a reboot, within limits, and sends them on when it is told where to", () => {
    const journal = fileOf("/etc/systemd/journald.conf.d/10-whisper.conf");
    expect(journal).toContain("Storage=persistent\nSystemMaxUse=4G\n");
    expect(JSON.parse(fileOf("/etc/docker/daemon.json"))).toMatchObject({ "log-driver": "journald" });
    expect(document().packages).not.toContain("rsyslog-gnutls");
    const logTarget = { host: "logs.example.com", port: 1514 };
    expect(document({ logTarget }).packages).toContain("rsyslog-gnutls");
    expect(fileOf("/etc/rsyslog.d/60-whisper.conf", { logTarget })).toContain('port="1514"');
  });

  it("keeps itself up to date and watches for intruders", () => {
    expect(document().packages).toEqual(expect.arrayContaining(["unattended-upgrades", "fail2ban"]));
    expect(fileOf("/etc/apt/apt.conf.d/20auto-upgrades")).toContain('Unattended-Upgrade "1"');
  });

  it.each([
    ["nvidia", "--gpus all", "nvidia-container-toolkit"],
    ["amd", "--device /dev/kfd", "docker.io"],
  ] as const)("gives %s GPUs to the container by %s", (gpuBrand, flag, packageName) => {
    expect(workerService({ ...spec, gpuBrand })).toContain(flag);
    expect(document({ gpuBrand }).packages).toContain(packageName);
  });

  it("holds plain settings, and waits for the secrets to be delivered", () => {
    expect(fileOf(paths.settings)).toBe("WHISPER_MODEL=large-v3\n");
    expect(workerService(spec)).toContain("ConditionPathExists=/run/whisper-secrets/current/worker.env");
    expect(workerService(spec)).toContain("DOCKER_CONFIG=/run/whisper-secrets/current/docker\n");
    expect(fileOf("/etc/tmpfiles.d/whisper-secrets.conf")).toContain(`d ${secretsFolder} 0700`);
  });

  it("lets somebody deliver secrets when there is somebody, by the public half of a key", () => {
    const files = (overlay?: Partial<CloudInitSpec>) =>
      document(overlay).write_files.map(({ path }: { path: string }) => path);
    expect(files()).not.toContain(deliveryKeysFile);
    expect(fileOf(deliveryKeysFile, { deliveryKey: sampleDeliveryKey })).toBe(
      `restrict ${sampleDeliveryKey}\n`,
    );
  });

  it("lets a worker finish its job, and systemd waits longer than Docker", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7200 }), (stopGraceSeconds) => {
        const unit = workerService({ ...spec, stopGraceSeconds });
        expect(unit).toContain(`docker stop --time ${stopGraceSeconds} `);
        const timeout = Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]);
        expect(timeout).toBeGreaterThan(stopGraceSeconds);
      }),
    );
  });

  it("runs the worker as nobody in particular, with nothing it does not need", () => {
    const unit = workerService(spec);
    for (const flag of ["--user 10001:10001", "--read-only", "--cap-drop ALL", "no-new-privileges"]) {
      expect(unit).toContain(flag);
    }
    expect(unit).not.toContain("--privileged");
    expect(unit).not.toContain("0.0.0.0");
  });

  it.each([
    ["answers", "echo 10.16.0.4", { started: true, settings: "PRIVATE_ADDRESS=10.16.0.4\n" }],
    ["fails", "return 22", { started: false, settings: undefined }],
    ["answers with nothing", "true", { started: false, settings: undefined }],
  ])(
    "when the metadata service %s: publishes metrics on the private address or not at all",
    (_, curl, outcome) => {
      expect(afterAskingForTheAddress(curl)).toEqual(outcome);
      for (const unit of [workerService(spec), gpuExporterService("amd")]) {
        expect(unit).toContain(`EnvironmentFile=${privateAddressFile}\n`);
        expect(unit.match(/--publish \S+/g)).toEqual([
          expect.stringMatching(/^--publish \$\{PRIVATE_ADDRESS\}:/),
        ]);
      }
    },
  );

  it("is YAML that gives back what went in, and fits, whatever the settings are", () => {
    const value = fc.string({ unit: "grapheme", maxLength: 200 }).filter((text) => !/[\r\n]/.test(text));
    const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,30}$/);
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 20 }), (environment) => {
        const userData = workerCloudInit({ ...spec, environment });
        expect(userData.startsWith("#cloud-config\n")).toBe(true);
        expect(Buffer.byteLength(userData)).toBeLessThan(maximumUserDataBytes);
        const lines = Object.entries(environment).map(([key, text]) => `${key}=${text}\n`);
        expect(fileOf(paths.settings, { environment })).toBe(lines.join(""));
      }),
    );
  });

  it("is the same for the same worker", () => {
    expect(workerCloudInit(spec)).toBe(workerCloudInit({ ...spec }));
  });
});
