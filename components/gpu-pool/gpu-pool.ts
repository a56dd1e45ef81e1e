import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { dropletImages } from "../../catalog/images.ts";
import { secretName } from "../../catalog/secret-names.ts";
import { type DropletSize, dropletSizes } from "../../catalog/sizes.ts";
import { Component } from "../component.ts";
import { ArgumentChecks } from "../errors.ts";
import { checkOperatorRanges } from "../exposure.ts";
import type { FirewallMembership, NetworkPlacement } from "../joints.ts";
import { type Ownership, tagsOf } from "../ownership.ts";
import { checkSizeInRegion } from "../region.ts";
import { maximumUserDataBytes, workerCloudInit } from "./cloud-init.ts";
import { workerMetricsPort } from "./worker-unit.ts";

/** Arguments of a {@link GpuPool}. */
export interface GpuPoolArgs {
  /** Whose it is. */
  readonly ownership: Ownership;

  /**
   * Where the droplets go.
   *
   * Caution: a change of the VPC replaces every droplet.
   */
  readonly placement: NetworkPlacement;

  /** The firewall that guards the droplets from their first second. */
  readonly firewall: FirewallMembership;

  /**
   * Size of each droplet, one with a GPU. A change turns each droplet off, resizes it and turns it on.
   * @example "gpu-l40sx1-48gb"
   */
  readonly size: string;

  /**
   * How many droplets.
   * @default 1
   */
  readonly count?: number;

  /**
   * Raise it to roll out anything that is decided at a droplet's birth: worker image, settings, keys, operating
   * system. Droplets of the new generation come up before those of the old one go; until then, such a change
   * leaves running droplets alone.
   *
   * Caution: for the time of the roll-out the pool costs twice as much and needs twice the GPU quota.
   * @default 1
   */
  readonly generation?: number;

  /**
   * Image of the worker, with a fixed version.
   * @example "registry.digitalocean.com/whisper-staging/worker:0.1.0"
   */
  readonly workerImage: string;

  /**
   * Plain settings of the worker, as environment variables. Secrets are brought to `/etc/whisper/worker.env` on
   * the droplet instead, and the worker starts when they are there.
   * @default none
   * @example { WHISPER_MODEL: "large-v3" }
   */
  readonly settings?: Readonly<Record<string, string>>;

  /**
   * Public keys of the operators that may sign in, by name. Without a key DigitalOcean would mail a password.
   * @example { ada: "ssh-ed25519 AAAA..." }
   */
  readonly operatorKeys: Readonly<Record<string, string>>;

  /**
   * Ranges from which operators sign in, for the host's own firewall.
   * @default nobody can sign in
   * @example ["203.0.113.0/24"]
   */
  readonly operatorRanges?: readonly string[];

  /**
   * How long a worker may finish its job when it is told to stop.
   * @default 600
   */
  readonly stopGraceSeconds?: number;

  /**
   * Port of the worker's metrics, reached inside the VPC only.
   * @default 9100
   */
  readonly metricsPort?: number;
}

/** What the arguments come to, once they are known to be sound. */
interface Settled {
  readonly image: string;
  readonly userData: string;
  readonly members: readonly string[];
}

/**
 * A fixed set of equal GPU droplets that transcribe: each runs the worker's container under systemd, and takes
 * its jobs from the queue, so none is addressed and any may go. They hold no data of record.
 *
 * ### Cost
 * count x the size's price, also while turned off. A gpu-l40sx1-48gb is 1.57 $ an hour.
 * Staging: 1 x 565.44 = 565.44 $ a month. Production: 2 x 1168.08 = 2336.16 $ a month.
 */
export class GpuPool extends Component {
  /** Addresses inside the VPC, where the workers' metrics are. */
  readonly privateAddresses: pulumi.Output<string[]>;
  /** The droplets' URNs in DigitalOcean's sense. */
  readonly dropletUrns: pulumi.Output<string>[];
  readonly dropletIds: pulumi.Output<string>[];
  readonly metricsPort: number;

  constructor(name: string, args: GpuPoolArgs, options?: pulumi.ComponentResourceOptions) {
    const settled = settle(name, args);
    super("whisper:gpu-pool:GpuPool", name, args, options);

    const keys = this.#registerKeys(name, args);
    const droplets = settled.members.map((member) => this.#createDroplet(member, args, settled, keys));

    this.privateAddresses = pulumi.all(droplets.map(({ ipv4AddressPrivate }) => ipv4AddressPrivate));
    this.dropletUrns = droplets.map(({ dropletUrn }) => dropletUrn);
    this.dropletIds = droplets.map(({ id }) => id);
    this.metricsPort = args.metricsPort ?? defaults.metricsPort;
    this.registerOutputs({ privateAddresses: this.privateAddresses });
  }

  #registerKeys(name: string, args: GpuPoolArgs): digitalocean.SshKey[] {
    return Object.entries(args.operatorKeys).map(
      ([operator, publicKey]) =>
        new digitalocean.SshKey(
          `${name}-operator-${operator}`,
          { name: `${name}-operator-${operator}`, publicKey },
          { parent: this },
        ),
    );
  }

  #createDroplet(
    member: string,
    args: GpuPoolArgs,
    { image, userData }: Settled,
    keys: readonly digitalocean.SshKey[],
  ): digitalocean.Droplet {
    return new digitalocean.Droplet(
      member,
      {
        name: member,
        region: args.placement.region,
        size: args.size,
        image,
        vpcUuid: args.placement.vpcId,
        sshKeys: keys.map(({ fingerprint }) => fingerprint),
        userData,
        monitoring: true,
        // Nothing on it is of record, so there is nothing to back up; the tags say so.
        backups: false,
        // The firewall's tag may be unknown in a first preview, the others never are: a rule can read them.
        tags: [...tagsOf(args.ownership, "gpu-worker", ["stateless"]), args.firewall.tag],
      },
      // These are fixed at a droplet's birth: a change would replace the whole pool at once. `generation` does
      // it on purpose.
      { parent: this, ignoreChanges: ["image", "sshKeys", "userData"] },
    );
  }
}

const defaults = { count: 1, generation: 1, stopGraceSeconds: 600, metricsPort: workerMetricsPort } as const;

function settle(name: string, args: GpuPoolArgs): Settled {
  const checks = new ArgumentChecks(name);
  checkGpuSizing(checks, { ...args, region: args.placement.region });
  const size = gpuSizes.find(({ slug }) => slug === args.size);
  checkWorker(checks, args);
  checkOperators(checks, args);
  const userData = userDataOf(args, size);
  checks.check(
    "settings",
    Buffer.byteLength(userData),
    (bytes) => bytes <= maximumUserDataBytes,
    (bytes) => `make user data of ${bytes} bytes, and DigitalOcean takes ${maximumUserDataBytes}`,
    "Put what is large into a file the worker fetches.",
  );
  checks.throwIfAny();

  return { image: imageFor(size), userData, members: membersOf(name, args) };
}

function userDataOf(args: GpuPoolArgs, size: DropletSize | undefined): string {
  return workerCloudInit({
    image: args.workerImage,
    gpuBrand: size?.gpu?.brand ?? "nvidia",
    stopGraceSeconds: args.stopGraceSeconds ?? defaults.stopGraceSeconds,
    metricsPort: args.metricsPort ?? defaults.metricsPort,
    environment: args.settings ?? {},
    metricsRanges: [args.placement.addresses.vpc, args.placement.addresses.pods],
    operatorRanges: args.operatorRanges ?? [],
  });
}

function membersOf(name: string, { count, generation }: GpuPoolArgs): string[] {
  const length = count ?? defaults.count;
  return Array.from({ length }, (_, index) => `${name}-g${generation ?? defaults.generation}-${index}`);
}

/** Of a {@link GpuPool}'s arguments, what is decided by size and care, and where it goes. */
export interface GpuSizing
  extends Pick<GpuPoolArgs, "size" | "count" | "generation" | "metricsPort" | "stopGraceSeconds"> {
  readonly region: pulumi.Input<string>;
}

const gpuSizes = dropletSizes.filter(({ gpu }) => gpu !== undefined);

/** Finds what is wrong with the size of a {@link GpuPool}. */
export function checkGpuSizing(checks: ArgumentChecks, args: GpuSizing): void {
  checks.oneOf(
    "size",
    args.size,
    gpuSizes.map(({ slug }) => slug),
  );
  const size = gpuSizes.find(({ slug }) => slug === args.size);
  checkSizeInRegion(checks, "size", size, args.region);
  checks.range("count", args.count, 1, 50);
  checks.range("generation", args.generation, 1, 9999);
  checks.range("metricsPort", args.metricsPort, 1024, 65_535);
  checks.range("stopGraceSeconds", args.stopGraceSeconds, 1, 7200);
}

/** The operating system image with the drivers for a size's GPUs; the catalogue has one for each. */
function imageFor(size: DropletSize | undefined): string {
  const fitting = dropletImages.find(
    ({ gpu }) => gpu && gpu.brand === size?.gpu?.brand && gpu.counts.includes(size.gpu.count),
  );
  if (!fitting) throw new Error(`catalog/images.ts has no droplet image for ${size?.slug}: add one`);
  return fitting.slug;
}

function checkWorker(checks: ArgumentChecks, args: GpuPoolArgs): void {
  checks.check(
    "workerImage",
    args.workerImage,
    (image) => /^[a-z0-9][^\s@]*(:(?!latest$)[\w][\w.-]*|@sha256:[a-f0-9]{64})$/.test(image),
    (image) => `is "${image}", which names no fixed version`,
    "Give an image with its registry and a tag other than latest, or a digest.",
  );
  for (const [name, value] of Object.entries(args.settings ?? {})) {
    const path = `settings.${name}`;
    checks.check(
      path,
      name,
      (text) => /^[A-Z_][A-Z0-9_]*$/.test(text) && !/[\r\n]/.test(value),
      () => "is no environment variable in capitals with a value of one line",
      "Use capitals, digits and _ for the name, and one line for the value.",
    );
    checks.check(
      path,
      name,
      (text) => !secretName.test(text),
      () => "looks like a secret, and user data is readable for every process of the droplet",
      "Bring secrets to /etc/whisper/worker.env on the droplet.",
    );
  }
}

function checkOperators(checks: ArgumentChecks, args: GpuPoolArgs): void {
  if (Object.keys(args.operatorKeys).length === 0) {
    const problem = "is empty: DigitalOcean would mail a root password in place of a key";
    checks.add("operatorKeys", problem, "Name at least one operator's public key.");
  }
  for (const [operator, key] of Object.entries(args.operatorKeys)) {
    checks.check(
      `operatorKeys.${operator}`,
      key,
      (text) => /^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|ssh-rsa) [A-Za-z0-9+/]+={0,2}( .*)?$/.test(text),
      () => "is no OpenSSH public key",
      'Give the one line of the .pub file, as in "ssh-ed25519 AAAA... ada".',
    );
  }
  checkOperatorRanges(checks, "operatorRanges", args.operatorRanges ?? []);
}
