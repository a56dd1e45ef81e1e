import { randomUUID } from "node:crypto";
import type { Store } from "../../../store/store.ts";
import type { Cloud } from "../../context.ts";
import type { Identity } from "../../family.ts";
import { startDropletAction } from "../droplets/actions.ts";
import { type DropletSpec, makeDroplet, removeDroplet } from "../droplets/create.ts";
import { type DropletDocument, listDroplets } from "../droplets/model.ts";
import { assignToProject } from "../projects.ts";

/** How many droplets a pool has: always the same number, or as many as the load asks for. */
export type PoolConfig =
  | { readonly target_number_instances: number }
  | {
      readonly min_instances: number;
      readonly max_instances: number;
      readonly target_cpu_utilization?: number | undefined;
      readonly target_memory_utilization?: number | undefined;
      readonly cooldown_minutes?: number | undefined;
    };

/** What each droplet of a pool is made from. */
export interface PoolTemplate {
  readonly name?: string | undefined;
  readonly region: string;
  readonly size: string;
  readonly image: string;
  readonly ssh_keys: readonly string[];
  readonly tags: readonly string[];
  readonly vpc_uuid?: string | undefined;
  readonly with_droplet_agent: boolean;
  readonly project_id?: string | undefined;
  readonly ipv6: boolean;
  readonly user_data?: string | undefined;
  readonly public_networking: boolean;
}

/** A pool as stored. */
export interface PoolDocument {
  readonly id: string;
  readonly name: string;
  readonly config: PoolConfig;
  readonly droplet_template: PoolTemplate;
  readonly created_at: string;
  readonly updated_at: string;
}

/** A time at which a pool's size was set. */
export interface PoolEvent {
  readonly history_event_id: string;
  readonly poolId: string;
  readonly current_instance_count: number;
  readonly desired_instance_count: number;
  readonly reason: "CONFIGURATION_CHANGE" | "SCALE_UP" | "SCALE_DOWN";
  readonly created_at: string;
  readonly startedMs: number;
}

export const poolCollection = (store: Store) => store.collection<PoolDocument>("autoscale_pools");

export const eventCollection = (store: Store) => store.collection<PoolEvent>("autoscale_pool_events");

export const poolIdentity = (id: string): Identity => ({ kind: "autoscale_pools", id });

/** The droplets of a pool, the oldest first. */
export function membersOf(cloud: Cloud, poolId: string): DropletDocument[] {
  return listDroplets(cloud).filter(
    (droplet) => droplet.owner?.kind === "autoscale_pools" && droplet.owner.id === poolId,
  );
}

/** How many droplets the pool is to have. Nothing runs on them, so that a dynamic pool stays at its minimum. */
export function desiredCount(config: PoolConfig): number {
  return "min_instances" in config ? config.min_instances : config.target_number_instances;
}

/** The droplets a template asks for. */
export function specOf(template: PoolTemplate): Omit<DropletSpec, "name"> {
  return {
    region: template.region,
    size: template.size,
    image: template.image,
    sshKeys: template.ssh_keys,
    tags: template.tags,
    vpcUuid: template.vpc_uuid,
    agent: template.with_droplet_agent,
    ipv6: template.ipv6,
    userData: template.user_data,
    publicNetworking: template.public_networking,
  };
}

/** Makes the droplets a pool is short of. */
export function fill(cloud: Cloud, pool: PoolDocument, reason: PoolEvent["reason"] = "SCALE_UP"): void {
  const members = membersOf(cloud, pool.id);
  const missing = desiredCount(pool.config) - members.length;
  if (missing <= 0) return;
  record(cloud, pool, members.length, reason);
  for (let made = 0; made < missing; made += 1) {
    const name = `${pool.droplet_template.name ?? pool.name}-${randomUUID().slice(0, 8)}`;
    const droplet = makeDroplet(cloud, {
      ...specOf(pool.droplet_template),
      name,
      owner: poolIdentity(pool.id),
    });
    startDropletAction(cloud, droplet, "create");
    const { project_id } = pool.droplet_template;
    if (project_id !== undefined) assignToProject(cloud, `do:droplet:${droplet.id}`, project_id);
  }
}

/** Deletes the droplets a pool has too many, the newest first. */
export async function trim(cloud: Cloud, pool: PoolDocument): Promise<void> {
  const members = membersOf(cloud, pool.id);
  const surplus = members.slice(desiredCount(pool.config));
  if (surplus.length === 0) return;
  record(cloud, pool, members.length, "CONFIGURATION_CHANGE");
  for (const member of surplus) await removeDroplet(cloud, member.id);
}

function record(cloud: Cloud, pool: PoolDocument, current: number, reason: PoolEvent["reason"]): void {
  const event: PoolEvent = {
    history_event_id: randomUUID(),
    poolId: pool.id,
    current_instance_count: current,
    desired_instance_count: desiredCount(pool.config),
    reason,
    created_at: cloud.timestamp(),
    startedMs: cloud.now(),
  };
  eventCollection(cloud.store).put(event.history_event_id, event);
}
