import { randomInt } from "node:crypto";
import { z } from "zod";
import { leasePrivateAddress, leasePublicAddress, releaseAddresses } from "../../addresses.ts";
import type { Cloud } from "../../context.ts";
import { found, refuseIfAny } from "../../errors.ts";
import type { Identity } from "../../family.ts";
import { listOf, numericId, optional, optionalText, tagList } from "../../fields.ts";
import { findImage, imageProblem } from "../images.ts";
import { regionProblem } from "../regions.ts";
import { findSize, sizeProblem } from "../sizes.ts";
import { findSshKey } from "../ssh-keys.ts";
import { ensureTags } from "../tags.ts";
import { requireVpc } from "../vpcs.ts";
import { type BackupPolicy, type DropletDocument, dropDroplet, putDroplet } from "./model.ts";

/** The name of a droplet: a host name, which is what it becomes. */
export const dropletName = z
  .string()
  .max(255)
  .regex(
    /^[a-zA-Z0-9]?[a-z0-9A-Z.-]*[a-z0-9A-Z]$/,
    "Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)",
  );

export const backupPolicy = z
  .strictObject({
    plan: z.enum(["daily", "weekly"]),
    weekday: optionalText.pipe(z.enum(["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]).optional()),
    hour: z.literal([0, 4, 8, 12, 16, 20]).default(0),
    window_length_hours: z.number().optional(),
    retention_period_days: z.number().optional(),
  })
  .refine((policy) => policy.plan === "daily" || policy.weekday !== undefined, {
    path: ["weekday"],
    message: "a weekly plan needs a weekday",
  })
  .transform(({ plan, weekday, hour }): BackupPolicy => ({ plan, weekday, hour }));

/** Weekly, which is what `backups: true` alone means. */
export const defaultBackupPolicy: BackupPolicy = { plan: "weekly", weekday: "SUN", hour: 0 };

const imageReference = z.union([z.string().min(1), z.number().int()]);
const maxUserDataBytes = 64 * 1024;

/** What one droplet and many have in common. */
const common = {
  region: z.string().optional(),
  size: z.string(),
  image: imageReference,
  ssh_keys: listOf(z.union([z.string(), z.number().int()])),
  backups: z.boolean().default(false),
  backup_policy: optional(backupPolicy),
  ipv6: z.boolean().default(false),
  monitoring: z.boolean().default(false),
  tags: tagList,
  user_data: optionalText.refine(
    (text) => text === undefined || Buffer.byteLength(text) <= maxUserDataBytes,
    {
      message: "may not exceed 64 KiB",
    },
  ),
  private_networking: z.boolean().optional(),
  /** By id, or, as Go clients send them, as objects with an id. */
  volumes: listOf(z.union([z.string(), z.object({ id: z.string() }).transform((volume) => volume.id)])),
  vpc_uuid: optionalText,
  with_droplet_agent: optional(z.boolean()),
  public_networking: optional(z.boolean()),
};

/** `POST /v2/droplets`: one droplet by `name`, or up to ten by `names`. */
export const createDroplets = z
  .strictObject({
    name: dropletName.optional(),
    names: z.array(dropletName).min(1).max(10).optional(),
    ...common,
  })
  .refine((request) => (request.name === undefined) !== (request.names === undefined), {
    path: ["name"],
    message: "give either a name or names",
  });

/** What a droplet is made from. */
export interface DropletSpec {
  readonly name: string;
  /** Slug. Default: where its VPC is, else `nyc3`. */
  readonly region: string;
  readonly size: string;
  readonly image: string | number;
  /** Ids or fingerprints. */
  readonly sshKeys?: readonly (string | number)[];
  readonly backupPolicy?: BackupPolicy | undefined;
  readonly ipv6?: boolean;
  readonly monitoring?: boolean;
  readonly agent?: boolean;
  readonly tags?: readonly string[];
  readonly userData?: string | undefined;
  /** Default: the region's default VPC. */
  readonly vpcUuid?: string | undefined;
  /** Default true. */
  readonly publicNetworking?: boolean;
  readonly owner?: Identity;
}

/** Everything that is wrong with making a droplet of this, none when nothing is. */
export function dropletProblems(cloud: Cloud, spec: Omit<DropletSpec, "name">): (string | undefined)[] {
  const unknownKeys = (spec.sshKeys ?? []).filter((key) => findSshKey(cloud.store, key) === undefined);
  return [
    regionProblem(spec.region),
    sizeProblem(spec.size, spec.region),
    imageProblem(cloud, spec.image, findSize(spec.size)?.diskGib),
    unknownKeys.length === 0
      ? undefined
      : `ssh_keys: ${unknownKeys.join(", ")} are invalid key identifiers for Droplet creation.`,
  ];
}

/**
 * Makes a droplet; it is `new` until the cloud's latency is over. For every family whose things are droplets.
 * @throws ApiError 422 naming everything that is wrong.
 */
export function makeDroplet(cloud: Cloud, spec: DropletSpec): DropletDocument {
  refuseIfAny(...dropletProblems(cloud, spec));
  const vpc = requireVpc(cloud, spec.region, spec.vpcUuid);
  const id = cloud.store.nextInteger("droplets", 450_000_001);
  const holder = { kind: "droplets", id: String(id) };
  const privateAddress = leasePrivateAddress(cloud.store, vpc, holder);
  const tags = [...new Set(spec.tags ?? [])];
  ensureTags(cloud, tags);
  const droplet: DropletDocument = {
    id,
    name: spec.name,
    region: spec.region,
    size: spec.size,
    diskGib: findSize(spec.size)?.diskGib ?? 0,
    image: found(findImage(cloud.store, spec.image)).id,
    power: "active",
    vpcUuid: vpc.id,
    privateAddress,
    publicAddress: spec.publicNetworking === false ? undefined : leasePublicAddress(cloud.store, holder),
    ipv6Address: spec.ipv6 === true ? newIpv6Address() : undefined,
    backupPolicy: spec.backupPolicy,
    monitoring: spec.monitoring ?? false,
    agent: spec.agent ?? true,
    userData: spec.userData,
    sshKeys: (spec.sshKeys ?? []).flatMap((key) => findSshKey(cloud.store, key)?.id ?? []),
    tags,
    createdAt: cloud.timestamp(),
    createdMs: cloud.now(),
    owner: spec.owner,
  };
  putDroplet(cloud.store, droplet);
  return droplet;
}

/** Deletes a droplet; what was attached to it lets go. */
export async function removeDroplet(cloud: Cloud, id: number): Promise<void> {
  const gone = { kind: "droplets", id: String(id) };
  dropDroplet(cloud.store, id);
  releaseAddresses(cloud.store, gone);
  await cloud.forget(gone);
}

/** One of the addresses that are kept for documentation (RFC 3849). */
export function newIpv6Address(): string {
  return `2001:db8::${randomInt(2, 0xffff).toString(16)}:${randomInt(1, 0xffff).toString(16)}`;
}

/** The id in a path; what is no number names no droplet. */
export function dropletId(text: string): number {
  const parsed = numericId.safeParse(text);
  return parsed.success ? parsed.data : 0;
}
