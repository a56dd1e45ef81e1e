import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { DigitalOcean } from "../digitalocean.ts";
import { ofEveryRole } from "../environment.ts";
import { secretsIn } from "../service.ts";
import { type Member, type PoolNow, type Roll, readPool } from "./membership.ts";
import { converse } from "./session.ts";
import type { VisitsParts } from "./visits.ts";

const dropletIds = z
  .string()
  .regex(/^\d+(,\d+)*$/)
  .transform((text) => text.split(",").map(Number));

/** What every role is told that speaks to droplets. */
const poolSchema = z.object({
  ...ofEveryRole,
  /** Droplets of a fixed pool. */
  DROPLET_IDS: dropletIds.optional(),
  /** The autoscale pool of an elastic one. */
  POOL_ID: z.string().min(1).optional(),
  VPC_ID: z.string().min(1),
  /** Account of the droplets that takes sessions. */
  ACCOUNT: z.string().min(1),
  /** Holds `digitalocean-token`, `ssh-key` and `mark`. */
  SECRETS_FOLDER: z.string().default("/run/secrets/gpu-secrets-delivery"),
  /** Where host keys are kept while it runs. */
  HOST_KEY_FOLDER: z.string().default("/tmp/host-keys"),
});

/** The fields of the environment that every role reads which speaks to droplets. */
export const ofPoolRoles = poolSchema.shape;

/** What {@link poolAccess} is told. */
export type PoolSettings = z.infer<typeof poolSchema>;

/** Droplets are named by their ids, or by the autoscale pool that has them. */
export const namesOneRoll = ({ DROPLET_IDS, POOL_ID }: Pick<PoolSettings, "DROPLET_IDS" | "POOL_ID">) =>
  (DROPLET_IDS === undefined) !== (POOL_ID === undefined);

export const oneRoll = { path: ["POOL_ID"], message: "either this or DROPLET_IDS must be given" };

/** How a role knows its pool's droplets, and speaks to them. */
export interface PoolAccess extends VisitsParts {
  readonly readPool: () => Promise<PoolNow>;
}

/** Where something of a member answers. */
export type Reach = (member: Member) => { readonly host: string; readonly port: number };

/** A droplet that takes longer for a session is no use in this round. */
const sessionMs = 20_000;

/**
 * Joins a role to its pool.
 *
 * @param reach Where a member's SSH answers. Default: port 22 of its address.
 */
export async function poolAccess(
  settings: PoolSettings,
  reach: Reach = ({ address }) => ({ host: address, port: 22 }),
): Promise<PoolAccess> {
  const secret = secretsIn(settings.SECRETS_FOLDER);
  const hostKeyFolder = settings.HOST_KEY_FOLDER;
  await mkdir(hostKeyFolder, { recursive: true, mode: 0o700 });
  const mark = await secret("mark");
  const api = new DigitalOcean({
    apiUrl: settings.DIGITALOCEAN_API_URL.replace(/\/$/, ""),
    token: () => secret("digitalocean-token"),
    timeoutMs: 10_000,
  });
  return {
    mark,
    hostKeyFolder,
    readPool: () => readPool(api, { roll: rollOf(settings), vpcId: settings.VPC_ID, mark }),
    converse: (member, hostKeyFile, decide) =>
      converse(
        {
          ...reach(member),
          account: settings.ACCOUNT,
          keyFile: join(settings.SECRETS_FOLDER, "ssh-key"),
          hostKeyFile,
          timeoutMs: sessionMs,
        },
        decide,
      ),
  };
}

function rollOf({ DROPLET_IDS: dropletIds, POOL_ID: poolId }: PoolSettings): Roll {
  if (dropletIds !== undefined) return { dropletIds };
  if (poolId !== undefined) return { poolId };
  throw new Error("neither droplets nor a pool are named");
}
