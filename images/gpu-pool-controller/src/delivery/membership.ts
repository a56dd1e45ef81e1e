import { z } from "zod";
import { AutoscalePool } from "../autoscale-pool.ts";
import type { DigitalOcean } from "../digitalocean.ts";

/** A droplet that DigitalOcean's API confirms to be in the pool now. */
export interface Member {
  readonly id: number;
  readonly name: string;
  /** Inside the VPC, where no other droplet has it. */
  readonly address: string;
}

/** Of whom the pool consists: the droplets that Pulumi made, or those that an autoscale pool has. */
export type Roll = { readonly dropletIds: readonly number[] } | { readonly poolId: string };

/** What makes a droplet a member. */
export interface MembershipRules {
  readonly roll: Roll;
  readonly vpcId: string;
  /** Tag that the pool's droplets were born with, and nobody else has. */
  readonly mark: string;
}

/** The pool as the API has it. */
export interface PoolNow {
  readonly members: readonly Member[];
  /** Droplets on the roll that are no members, and why not. */
  readonly strangers: readonly { readonly id: number; readonly why: string }[];
  /** Droplets that would be members if they were on the roll: the pool's mark is theirs, and they are about to go. */
  readonly outgoing: readonly Member[];
}

const dropletSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  status: z.string(),
  vpc_uuid: z.string().optional(),
  tags: z.array(z.string()),
  networks: z.object({ v4: z.array(z.object({ type: z.string(), ip_address: z.string() })) }),
});

type Droplet = z.infer<typeof dropletSchema>;

const pageSchema = z.object({ droplets: z.array(dropletSchema), meta: z.object({ total: z.number() }) });

const pageSize = 200;

/** Reads who is in the pool now: everything anew each time, so that nothing is released on old news. */
export async function readPool(api: DigitalOcean, rules: MembershipRules): Promise<PoolNow> {
  const roll =
    "poolId" in rules.roll
      ? await new AutoscalePool(api, rules.roll.poolId).memberIds()
      : rules.roll.dropletIds;
  const droplets = await allDroplets(api);
  const judged = roll.map((id) => judge(id, droplets, rules));
  const others = droplets.filter(({ id }) => !roll.includes(id)).map(({ id }) => judge(id, droplets, rules));
  return {
    members: judged.filter(isMember),
    strangers: judged.flatMap((each) => ("why" in each ? [each] : [])),
    outgoing: others.filter(isMember),
  };
}

const isMember = (judged: Member | PoolNow["strangers"][number]): judged is Member => "address" in judged;

async function allDroplets(api: DigitalOcean): Promise<readonly Droplet[]> {
  const droplets: Droplet[] = [];
  for (let page = 1; ; page += 1) {
    const answer = pageSchema.parse(await api.call("GET", `/v2/droplets?per_page=${pageSize}&page=${page}`));
    droplets.push(...answer.droplets);
    if (answer.droplets.length < pageSize || droplets.length >= answer.meta.total) return droplets;
  }
}

function judge(
  id: number,
  droplets: readonly Droplet[],
  { vpcId, mark }: MembershipRules,
): Member | PoolNow["strangers"][number] {
  const droplet = droplets.find((each) => each.id === id);
  if (droplet === undefined) return { id, why: "is gone" };
  if (droplet.status !== "active") return { id, why: `is ${droplet.status}` };
  if (droplet.vpc_uuid !== vpcId) return { id, why: "is in another VPC" };
  if (!droplet.tags.includes(mark)) return { id, why: "does not bear the pool's mark" };
  const address = privateAddress(droplet);
  if (address === undefined) return { id, why: "has no address inside the VPC" };
  const others = droplets.filter((other) => other.vpc_uuid === vpcId && privateAddress(other) === address);
  if (others.length > 1) return { id, why: "shares its address with another droplet" };
  return { id, name: droplet.name, address };
}

const privateAddress = ({ networks }: Droplet) =>
  networks.v4.find(({ type }) => type === "private")?.ip_address;
