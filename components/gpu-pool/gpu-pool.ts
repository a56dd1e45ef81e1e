import { createHash } from "node:crypto";
import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { dropletImages } from "../../catalog/images.ts";
import type { DropletSize } from "../../catalog/sizes.ts";
import { Component } from "../component.ts";
import { ArgumentChecks } from "../errors.ts";
import { tagsOf } from "../ownership.ts";
import {
  checkGpuSizing,
  checkLogTarget,
  checkOperators,
  checkWorker,
  dropletsOf,
  type ElasticPool,
  type GpuPoolArgs,
  type GpuPoolPlan,
  gpuSizes,
} from "./arguments.ts";
import { celerySettings } from "./celery.ts";
import { maximumUserDataBytes, workerCloudInit } from "./cloud-init.ts";
import { createDeliveryIdentity, type DeliveryIdentity, sampleDeliveryKey } from "./delivery-identity.ts";
import { workerMetricsPort } from "./worker-unit.ts";

/** What a {@link GpuPoolController} must know of the pool it steers. */
export interface SteeredPool extends Omit<ElasticPool, "mode"> {
  /** The autoscale pool, by its id. */
  readonly poolId: pulumi.Output<string>;
  /** US dollars that a droplet costs an hour. */
  readonly dropletUsdPerHour: number;
}

/** What a {@link GpuSecretsDelivery} must know of the pool that it brings secrets to. */
export interface SuppliedPool extends Pick<DeliveryIdentity, "privateKey" | "mark"> {
  /** The network in which its droplets are reached. */
  readonly vpcId: pulumi.Output<string>;
  /** Its droplets, or the autoscale pool that has them. */
  readonly roll:
    | { readonly dropletIds: pulumi.Output<string[]> }
    | { readonly poolId: pulumi.Output<string> };
}

/** What a {@link GpuRollout} must know of the pool whose droplets it looks after. */
export interface GuardedPool extends Pick<SuppliedPool, "vpcId" | "roll"> {
  /** Droplets of an elastic pool that must work before those of another go. @default all, as of a fixed one */
  readonly floor?: number;
  /** Port by which a worker shows that it works. */
  readonly metricsPort: number;
  /** How long new droplets may take until they work. */
  readonly healthDeadlineSeconds: number;
}

/** What the arguments come to, once they are known to be sound. */
interface Settled {
  readonly size: DropletSize;
  readonly image: string;
  /** User data with the public key of whoever delivers secrets, where somebody does. */
  readonly userDataFor: (deliveryKey?: string) => string;
}

/** What every droplet of a generation is made of. */
interface Mould {
  readonly image: string;
  readonly userData: pulumi.Input<string>;
  readonly sshKeys: pulumi.Output<string>[];
  readonly tags: pulumi.Input<string>[];
}

/**
 * Equal GPU droplets that transcribe: each runs the worker's container under systemd, and takes its jobs from the
 * queue, so none is addressed and any may go. They hold no data of record. How many there are is written down
 * (`fixed`), or follows the queue (`elastic`).
 *
 * ### Cost
 * Fixed: count x the size's price, also while turned off. A gpu-l40sx1-48gb is 1.57 $ an hour.
 * Elastic: between the floor and the ceiling x that price, and no more than 31 x `budgetUsdPerDay` a month.
 * Staging: 1 x 565.44 = 565.44 $ a month. Production: 2 x 1168.08 = 2336.16 $ a month.
 *
 * @example
 * ```ts
 * new GpuPool("whisper-staging-gpu", {
 *   ownership, placement: network.placement, firewall: firewall.membership,
 *   size: "gpu-l40sx1-48gb", count: 2,
 *   workerImage: "registry.digitalocean.com/whisper/worker:1.4.2",
 *   operatorKeys: { ada: "ssh-ed25519 AAAA..." },
 * }, { dependsOn: network });
 * ```
 */
export class GpuPool extends Component {
  /** Addresses inside the VPC, where the workers' metrics are; none of an elastic pool, whose controller knows them. */
  readonly privateAddresses: pulumi.Output<string[]>;
  /** The droplets' URNs in DigitalOcean's sense; none of an elastic pool. */
  readonly dropletUrns: pulumi.Output<string>[];
  readonly dropletIds: pulumi.Output<string>[];
  /** For the controller of an elastic pool; undefined for a fixed one. */
  readonly steered: SteeredPool | undefined;
  /** For whoever delivers its secrets; undefined when an operator does. */
  readonly supplied: SuppliedPool | undefined;
  /** For what lets droplets go once others work; undefined when an operator does. */
  readonly guarded: GuardedPool | undefined;
  readonly metricsPort: number;

  constructor(name: string, args: GpuPoolArgs, options?: pulumi.ComponentResourceOptions) {
    const settled = settle(name, args);
    super("whisper:gpu-pool:GpuPool", name, args, options);

    const number = args.generation ?? defaults.generation;
    const generation = `${name}-g${number}`;
    const identity = args.secretsDelivered ? createDeliveryIdentity(name, this) : undefined;
    const mould = this.#mould(name, args, settled, identity);
    const elastic = args.mode === "elastic" ? args : undefined;
    const fixed = args.mode === "elastic" ? undefined : args;
    const create = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, index) => this.#createDroplet(`${prefix}-${index}`, args, mould));
    const numbers = fixed ? dropletsOf(fixed) : { renewed: 0, outgoing: 0 };
    const current = create(generation, numbers.renewed);
    // Made long ago: what they were made from is not looked at.
    const outgoing = create(`${name}-g${number - 1}`, numbers.outgoing);
    const droplets = [...current, ...outgoing];

    if (number > 1 && !identity) tellWhoWaits(this);
    const made = pulumi.all(
      current.map((droplet) =>
        pulumi.all([droplet.userData, droplet.size]).apply(([userData, size]): Born => ({ userData, size })),
      ),
    );
    tellWhatWaits(this, made, pulumi.output({ userData: mould.userData, size: args.size }));
    this.steered = elastic && this.#createAutoscalePool(generation, elastic, args, mould, settled.size);
    this.supplied = identity && {
      privateKey: identity.privateKey,
      mark: identity.mark,
      vpcId: args.placement.vpcId,
      roll: this.steered
        ? { poolId: this.steered.poolId }
        : { dropletIds: pulumi.all(droplets.map(({ id }) => id)) },
    };
    this.metricsPort = args.metricsPort ?? defaults.metricsPort;
    this.guarded = this.supplied && {
      vpcId: this.supplied.vpcId,
      roll: this.supplied.roll,
      ...(elastic && { floor: elastic.floor }),
      metricsPort: this.metricsPort,
      healthDeadlineSeconds: args.healthDeadlineSeconds ?? defaults.healthDeadlineSeconds,
    };
    this.privateAddresses = pulumi.all(droplets.map(({ ipv4AddressPrivate }) => ipv4AddressPrivate));
    this.dropletUrns = droplets.map(({ dropletUrn }) => dropletUrn);
    this.dropletIds = droplets.map(({ id }) => id);
    this.registerOutputs({ privateAddresses: this.privateAddresses });
  }

  #registerKeys(name: string, args: GpuPoolPlan): digitalocean.SshKey[] {
    return Object.entries(args.operatorKeys).map(
      ([operator, publicKey]) =>
        new digitalocean.SshKey(
          `${name}-operator-${operator}`,
          { name: `${name}-operator-${operator}`, publicKey },
          { parent: this },
        ),
    );
  }

  #mould(
    name: string,
    args: GpuPoolPlan,
    { image, userDataFor }: Settled,
    identity: DeliveryIdentity | undefined,
  ): Mould {
    return {
      image,
      userData: identity ? identity.publicKey.apply(userDataFor) : userDataFor(),
      sshKeys: this.#registerKeys(name, args).map(({ fingerprint }) => fingerprint),
      tags: [...tagsOfDroplet(args), ...(identity ? [identity.mark] : [])],
    };
  }

  #createDroplet(
    member: string,
    args: GpuPoolPlan,
    { image, userData, sshKeys, tags }: Mould,
  ): digitalocean.Droplet {
    return new digitalocean.Droplet(
      member,
      {
        name: member,
        region: args.placement.region,
        size: args.size,
        image,
        vpcUuid: args.placement.vpcId,
        sshKeys,
        userData,
        monitoring: true,
        // Nothing on it is of record, so there is nothing to back up; the tags say so.
        backups: false,
        tags,
      },
      // These are fixed at a droplet's birth: a change would replace the whole pool at once, or, of its size, turn all of it
      // off. `generation` does it on purpose.
      { parent: this, ignoreChanges: ["image", "size", "sshKeys", "userData"] },
    );
  }

  #createAutoscalePool(
    generation: string,
    { mode: _, ...rules }: ElasticPool,
    args: GpuPoolPlan,
    { image, userData, sshKeys, tags }: Mould,
    size: DropletSize,
  ): SteeredPool {
    const pool = new digitalocean.DropletAutoscale(
      generation,
      {
        name: generation,
        config: { targetNumberInstances: rules.floor },
        dropletTemplate: {
          region: args.placement.region,
          size: args.size,
          image,
          vpcUuid: args.placement.vpcId,
          sshKeys,
          userData,
          // Without it DigitalOcean has no figures of the droplets to raise alerts by.
          withDropletAgent: true,
          tags,
        },
      },
      // The number is the controller's. Anything else is sent together with a number, the one of the last `up`, and
      // DigitalOcean makes every droplet anew for it: `generation` does that on purpose, with a pool of its own.
      { parent: this, ignoreChanges: ["config", "dropletTemplate"] },
    );
    tellWhatWaits(
      this,
      pool.dropletTemplate.apply((template): Born[] => [
        { userData: template.userData, size: template.size },
      ]),
      pulumi.output({ userData, size: args.size }),
    );
    return { ...rules, poolId: pool.id, dropletUsdPerHour: size.hourlyUsd };
  }
}

/** What of a droplet is decided at its birth, and shows afterwards; nothing of what is only made. */
interface Born {
  readonly userData: string | undefined;
  readonly size: string | undefined;
}

/**
 * Warns, in a preview too, that droplets run with another set-up than the program's: nothing else shows it, as a change
 * of it is ignored until the next generation.
 *
 * @param made What the droplets were made with: the plugin keeps the user data of a droplet as its SHA-1.
 */
function tellWhatWaits(
  pool: pulumi.Resource,
  made: pulumi.Output<Born[]>,
  wanted: pulumi.Output<{ userData: string; size: string }>,
): void {
  pulumi.all([made, wanted]).apply(([all, { userData: text, size }]) => {
    const texts = [text, createHash("sha1").update(text).digest("hex"), undefined];
    const isSame = (each: Born) =>
      texts.includes(each.userData) && (each.size === undefined || each.size === size);
    if (all.every(isSame)) return;
    const warning = "A roll-out is due: droplets run with another image, size, settings or set-up than is";
    pulumi.log.warn(`${warning} written down. They are left alone until "generation" is raised.`, pool);
  });
}

/** Says, in a preview too, what is left to an operator where nobody on the cluster can ask the droplets how they are. */
function tellWhoWaits(pool: pulumi.Resource): void {
  const news =
    "Droplets that are replaced go before the new ones work, unless you see to it: nobody delivers";
  pulumi.log.info(`${news} secrets from the cluster. docs/gpu-pool.md shows the steps.`, pool);
}

/** The firewall's tag may be unknown in a first preview, the others never are: a rule can read them. */
function tagsOfDroplet({ ownership, firewall }: GpuPoolPlan): pulumi.Input<string>[] {
  return [...tagsOf(ownership, "gpu-worker", ["stateless"]), firewall.tag];
}

const defaults = {
  generation: 1,
  stopGraceSeconds: 600,
  healthDeadlineSeconds: 1800,
  metricsPort: workerMetricsPort,
} as const;

function settle(name: string, args: GpuPoolArgs): Settled {
  const checks = new ArgumentChecks(name);
  checkGpuSizing(checks, { ...args, region: args.placement.region });
  const size = gpuSizes.find(({ slug }) => slug === args.size);
  checkWorker(checks, args);
  checkOperators(checks, args);
  checkLogTarget(checks, args);
  const userDataFor = (deliveryKey?: string) => userDataOf(args, size, deliveryKey);
  checks.check(
    "settings",
    Buffer.byteLength(userDataFor(sampleDeliveryKey)),
    (bytes) => bytes <= maximumUserDataBytes,
    (bytes) => `make user data of ${bytes} bytes, and DigitalOcean takes ${maximumUserDataBytes}`,
    "Put what is large into a file the worker fetches.",
  );
  checks.throwIfAny();
  // No size at all is a fault by itself, and has been thrown.
  if (size === undefined) throw new Error(`catalog/sizes.ts has no GPU size ${args.size}`);
  return { size, image: imageFor(size), userDataFor };
}

function userDataOf(
  args: GpuPoolPlan,
  size: DropletSize | undefined,
  deliveryKey: string | undefined,
): string {
  return workerCloudInit({
    image: args.workerImage,
    gpuBrand: size?.gpu?.brand ?? "nvidia",
    stopGraceSeconds: args.stopGraceSeconds ?? defaults.stopGraceSeconds,
    metricsPort: args.metricsPort ?? defaults.metricsPort,
    environment: {
      ...celerySettings(args.stopGraceSeconds ?? defaults.stopGraceSeconds, args.longestJobSeconds),
      ...args.settings,
    },
    inbound: args.firewall.inbound,
    ...(deliveryKey !== undefined && { deliveryKey }),
    ...(args.logTarget && { logTarget: args.logTarget }),
  });
}

/** The operating system image with the drivers for a size's GPUs; the catalogue has one for each. */
function imageFor(size: DropletSize): string {
  const fitting = dropletImages.find(
    ({ gpu }) => gpu && gpu.brand === size.gpu?.brand && gpu.counts.includes(size.gpu.count),
  );
  if (!fitting) throw new Error(`catalog/images.ts has no droplet image for ${size.slug}: add one`);
  return fitting.slug;
}
