import type * as pulumi from "@pulumi/pulumi";
import { secretName } from "../../catalog/secret-names.ts";
import { type DropletSize, dropletSizes } from "../../catalog/sizes.ts";
import type { ArgumentChecks } from "../errors.ts";
import type { FirewallMembership, NetworkPlacement } from "../joints.ts";
import type { Ownership } from "../ownership.ts";
import { checkSizeInRegion } from "../region.ts";
import { visibilityTimeoutSeconds } from "./celery.ts";
import type { LogTarget } from "./logs.ts";

/** Arguments of a {@link GpuPool}. */
export type GpuPoolArgs = GpuPoolPlan & (FixedPool | ElasticPool);

/** A pool whose number of droplets is written down. */
export interface FixedPool {
  /**
   * That it is such a pool.
   * @default "fixed"
   */
  readonly mode?: "fixed";
  /**
   * How many droplets. There are never fewer, whatever is rolled out.
   * @default 1
   */
  readonly count?: number;
  /**
   * How many of them are of this generation, where the GPU quota does not allow two pools at once: the others stay of the
   * generation before. Raise it batch by batch, each an `up`, and leave it out with the last.
   * @default all
   * @example 1
   */
  readonly renewed?: number;
  /**
   * How many droplets of the generation before there are. More than are wanted is for who rolls out by hand, as
   * docs/gpu-pool.md shows: they wait beside the new ones until these work.
   *
   * Caution: those that are not counted any more go, the last first.
   * @default those that are not renewed
   */
  readonly outgoing?: number;
}

/**
 * A pool whose number of droplets follows its queue: an autoscale pool of DigitalOcean's, steered by a
 * {@link GpuPoolController}. It begins with its floor.
 *
 * Caution: a change between `fixed` and `elastic` makes the new pool before the old one goes.
 */
export interface ElasticPool {
  /** That it is such a pool. */
  readonly mode: "elastic";
  /** Fewest droplets; DigitalOcean's pools have at least one. @example 1 */
  readonly floor: number;
  /** Most droplets. @example 4 */
  readonly ceiling: number;
  /**
   * US dollars that the pool may cost from midnight to midnight (UTC). The floor is paid for whatever this says.
   * @example 60
   */
  readonly budgetUsdPerDay: number;
  /** Jobs that one droplet finishes in an hour; measure it, since everything is reckoned with it. @example 12 */
  readonly jobsPerDropletHour: number;
  /**
   * Jobs that one droplet has in hand at once: the worker's concurrency.
   * @default 1
   */
  readonly jobsAtOnce?: number;
  /**
   * How long a job may wait before it is begun.
   * @default 600
   */
  readonly targetWaitSeconds?: number;
  /**
   * How long fewer must have done before droplets go. A droplet needs minutes before it works: let it stay for some.
   * @default 900
   */
  readonly cooldownSeconds?: number;
}

/** What a {@link GpuPool} is told in either mode. */
export interface GpuPoolPlan {
  /** Whose it is. */
  readonly ownership: Ownership;

  /**
   * Where the droplets go.
   *
   * Caution: a change of the VPC replaces every droplet.
   */
  readonly placement: NetworkPlacement;

  /** The firewall that guards the droplets from their first second. The host's own lets in the same. */
  readonly firewall: FirewallMembership;

  /**
   * Size of each droplet, one with a GPU. Droplets that are there keep theirs until `generation` is raised.
   * @example "gpu-l40sx1-48gb"
   */
  readonly size: string;

  /**
   * Raise it to roll out anything that is decided at a droplet's birth: size, worker image, settings, keys, operating
   * system. Until then, such a change leaves running droplets alone. Droplets of the new generation are made before those
   * of the old one go, in the same `up`. Where a {@link GpuRollout} looks after the pool, that `up` waits in between until the
   * new ones work, and the old ones have finished their jobs. A number lower by one takes the roll-out back.
   *
   * Caution: for the time of the roll-out both are paid for, and count against the GPU quota.
   * @default 1
   */
  readonly generation?: number;

  /**
   * Image of the worker, with a fixed version.
   * @example "registry.digitalocean.com/whisper-staging/worker:0.1.0"
   */
  readonly workerImage: string;

  /**
   * Whether a {@link GpuSecretsDelivery} brings the droplets their secrets. A change reaches droplets with the next
   * `generation`.
   * @default false: an operator does, as docs/gpu-pool.md shows
   */
  readonly secretsDelivered?: boolean;

  /**
   * Plain settings of the worker, as environment variables. Secrets are delivered to the droplet's memory instead, and
   * the worker starts when they are there. A change reaches droplets with the next `generation`.
   * @default none
   * @example { WHISPER_MODEL: "large-v3" }
   */
  readonly settings?: Readonly<Record<string, string>>;

  /**
   * Public keys of the operators that may sign in, by name. Without a key DigitalOcean would mail a password.
   * A change reaches droplets with the next `generation`: take a key that must not open anything out of them by hand.
   * @example { ada: "ssh-ed25519 AAAA..." }
   */
  readonly operatorKeys: Readonly<Record<string, string>>;

  /**
   * How long a worker may finish its job when it is told to stop. What it has not finished then goes back to the queue.
   * At most ten minutes more than {@link longestJobSeconds}.
   * A change reaches droplets with the next `generation`.
   * @default 600
   */
  readonly stopGraceSeconds?: number;

  /**
   * How long new droplets may take until they work, before a roll-out is given up: they install what they need and fetch the
   * worker's image.
   * @default 1800
   */
  readonly healthDeadlineSeconds?: number;

  /**
   * How long a job takes at the most. A job that nobody has finished ten minutes after that is given to another worker:
   * too short, and jobs are done twice; the longer, the later is the job of a droplet that vanished done by another.
   * @default 7200
   */
  readonly longestJobSeconds?: number;

  /**
   * Where droplets send what they log, over TLS. Their firewall must let them out to its port.
   * @default it stays in each droplet's journal, for 30 days or 4 GB
   * @example { host: "logs.example.com" }
   */
  readonly logTarget?: LogTarget;

  /**
   * Port of the worker's metrics, reached inside the VPC only. A change reaches droplets with the next `generation`.
   * @default 9100
   */
  readonly metricsPort?: number;
}

/** Of a {@link GpuPool}'s arguments, what is decided by size and care, and where it goes. */
export type GpuSizing = GpuPosture & { readonly region: pulumi.Input<string> };

/** What of a {@link GpuPool} is a matter of size and care. */
export type GpuPosture = Pick<
  GpuPoolPlan,
  "size" | "generation" | "metricsPort" | "stopGraceSeconds" | "healthDeadlineSeconds" | "longestJobSeconds"
> &
  (FixedPool | ElasticPool);

export const gpuSizes = dropletSizes.filter(({ gpu }) => gpu !== undefined);

const mostDroplets = 50;

/** Finds what is wrong with the size of a {@link GpuPool}. */
export function checkGpuSizing(checks: ArgumentChecks, args: GpuSizing): void {
  checks.oneOf(
    "size",
    args.size,
    gpuSizes.map(({ slug }) => slug),
  );
  const size = gpuSizes.find(({ slug }) => slug === args.size);
  checkSizeInRegion(checks, "size", size, args.region);
  if (args.mode === "elastic") checkElastic(checks, args, size);
  else checkFixed(checks, args);
  checks.range("generation", args.generation, 1, 9999);
  checks.range("metricsPort", args.metricsPort, 1024, 65_535);
  checks.range("stopGraceSeconds", args.stopGraceSeconds, 1, 7200);
  checks.range("healthDeadlineSeconds", args.healthDeadlineSeconds, 60, 7200);
  const givenToAnother = visibilityTimeoutSeconds(args.longestJobSeconds);
  checks.check(
    "stopGraceSeconds",
    args.stopGraceSeconds,
    (seconds) => seconds <= givenToAnother,
    (seconds) =>
      `is ${seconds}, and ${givenToAnother} s after it was begun a job is given to another worker, and done twice`,
    "Lower it, or raise longestJobSeconds, which it is reckoned from.",
  );
  checks.range("longestJobSeconds", args.longestJobSeconds, 60, 86_400);
}

/** How many droplets of its generation, and of the one before, a fixed pool has. */
export function dropletsOf({ count = 1, renewed = count, outgoing = count - renewed }: FixedPool) {
  return { count, renewed, outgoing };
}

function checkFixed(checks: ArgumentChecks, pool: FixedPool & GpuSizing): void {
  const { count, renewed, outgoing } = dropletsOf(pool);
  checks.range("count", count, 1, mostDroplets);
  checks.range("outgoing", pool.outgoing, 0, mostDroplets);
  checks.check(
    "renewed",
    pool.renewed,
    (droplets) => Number.isInteger(droplets) && droplets >= 1 && droplets <= count,
    (droplets) => `is ${droplets}, and the pool is to have ${count}`,
    `Give a whole number from 1 to ${count}, or leave it out with the last batch.`,
  );
  checks.check(
    pool.outgoing === undefined ? "renewed" : "outgoing",
    outgoing,
    (droplets) => droplets === 0 || (pool.generation ?? 1) > 1,
    (droplets) => `has ${droplets} of the generation before stay, and there is none before the first`,
    "Raise the generation, or leave out outgoing and renewed.",
  );
  checks.check(
    "outgoing",
    pool.outgoing,
    (droplets) => renewed + droplets >= count,
    (droplets) => `is ${droplets}, with which there would be ${renewed + droplets} droplets of ${count}`,
    `Keep at least ${count - renewed}, or renew more.`,
  );
}

function checkElastic(checks: ArgumentChecks, args: ElasticPool, size: DropletSize | undefined): void {
  checks.range("floor", args.floor, 1, mostDroplets);
  checks.range("ceiling", args.ceiling, 1, mostDroplets);
  checks.check(
    "ceiling",
    args.ceiling,
    (ceiling) => ceiling >= args.floor,
    (ceiling) => `is ${ceiling}, below the floor of ${args.floor}`,
    "Raise the ceiling or lower the floor.",
  );
  checks.range("cooldownSeconds", args.cooldownSeconds, 60, 86_400);
  checks.range("targetWaitSeconds", args.targetWaitSeconds, 10, 86_400);
  checks.range("jobsAtOnce", args.jobsAtOnce, 1, 64);
  checks.check(
    "jobsPerDropletHour",
    args.jobsPerDropletHour,
    (jobs) => jobs > 0 && jobs <= 100_000,
    (jobs) => `is ${jobs}, with which no number of droplets can be reckoned`,
    "Measure how many jobs one droplet finishes in an hour.",
  );
  const floorUsd = args.floor * 24 * (size?.hourlyUsd ?? 0);
  checks.check(
    "budgetUsdPerDay",
    args.budgetUsdPerDay,
    (budget) => budget >= floorUsd,
    (budget) => `is ${budget} $, and the floor alone costs ${floorUsd.toFixed(2)} $ a day`,
    "Raise the budget, lower the floor or take a cheaper size.",
  );
}

/** Finds what is wrong with what the droplets run. */
export function checkWorker(checks: ArgumentChecks, args: GpuPoolPlan): void {
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
      "Put it among the secrets that are delivered to the droplet.",
    );
  }
}

/** Finds what is wrong with where logs go: what stands there stands in rsyslog's configuration. */
export function checkLogTarget(checks: ArgumentChecks, { logTarget }: GpuPoolPlan): void {
  if (logTarget === undefined) return;
  checks.check(
    "logTarget.host",
    logTarget.host,
    (host) => /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/.test(host),
    (host) => `is "${host}", which is no full name of a server`,
    "Give the name that the server's certificate bears.",
  );
  checks.range("logTarget.port", logTarget.port, 1, 65_535);
}

/** Finds what is wrong with who may sign in. */
export function checkOperators(checks: ArgumentChecks, args: GpuPoolPlan): void {
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
}
