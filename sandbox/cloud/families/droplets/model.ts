import type { Store } from "../../../store/store.ts";
import type { Cloud } from "../../context.ts";
import { found } from "../../errors.ts";
import type { Identity } from "../../family.ts";

/** When backups of a droplet are taken. */
export interface BackupPolicy {
  readonly plan: "daily" | "weekly";
  readonly weekday?: string | undefined;
  readonly hour: number;
}

/** What an action may change about a droplet. */
export interface DropletState {
  name: string;
  /** Slug. */
  size: string;
  /** Grows with the size only when a resize is told to take the disk along. */
  diskGib: number;
  image: number;
  power: "active" | "off";
  ipv6Address?: string | undefined;
  backupPolicy?: BackupPolicy | undefined;
}

/** A droplet as stored. */
export interface DropletDocument extends DropletState {
  readonly id: number;
  readonly region: string;
  readonly vpcUuid: string;
  readonly privateAddress: string;
  /** Absent for a droplet without public networking. */
  readonly publicAddress?: string | undefined;
  readonly monitoring: boolean;
  readonly agent: boolean;
  readonly userData?: string | undefined;
  /** Ids. */
  readonly sshKeys: readonly number[];
  tags: string[];
  readonly createdAt: string;
  readonly createdMs: number;
  /** What the action under way will have changed when it is over. */
  pending?: { readonly sinceMs: number; readonly change: Partial<DropletState> } | undefined;
  /** The pool or cluster whose member it is, and with which it goes. */
  readonly owner?: Identity | undefined;
}

const collection = (store: Store) => store.collection<DropletDocument>("droplets");

/** The droplet with the change of an action that is over. */
function settle(cloud: Cloud, droplet: DropletDocument): DropletDocument {
  const { pending } = droplet;
  if (pending === undefined || !cloud.settled(pending.sinceMs)) return droplet;
  return { ...droplet, ...pending.change, pending: undefined };
}

/** Every droplet as it is now. */
export function listDroplets(cloud: Cloud): DropletDocument[] {
  return collection(cloud.store)
    .list()
    .map((droplet) => settle(cloud, droplet));
}

/** Every droplet as stored, for what does not depend on the time. */
export function storedDroplets(store: Store): DropletDocument[] {
  return collection(store).list();
}

/** The droplet as it is now, if there is one. */
export function findDroplet(cloud: Cloud, id: number | string): DropletDocument | undefined {
  const droplet = collection(cloud.store).get(String(id));
  return droplet === undefined ? undefined : settle(cloud, droplet);
}

/** The droplet as it is now. @throws ApiError 404 */
export function requireDroplet(cloud: Cloud, id: number | string): DropletDocument {
  return found(findDroplet(cloud, id));
}

export function putDroplet(store: Store, droplet: DropletDocument): void {
  collection(store).put(String(droplet.id), droplet);
}

export function dropDroplet(store: Store, id: number): void {
  collection(store).delete(String(id));
}

/** Whether an action is under way, creation included: nothing else can be begun until it is over. */
export function isLocked(cloud: Cloud, droplet: DropletDocument): boolean {
  return !cloud.settled(droplet.createdMs) || droplet.pending !== undefined;
}

/** `new` until it was created, then `active` or `off`. */
export function statusOf(cloud: Cloud, droplet: DropletDocument): "new" | "active" | "off" {
  return cloud.settled(droplet.createdMs) ? droplet.power : "new";
}

/** What is wrong with naming droplets that have to exist, if anything. */
export function missingDropletsProblem(
  cloud: Cloud,
  ids: readonly number[],
  field = "droplet_ids",
): string | undefined {
  const missing = ids.filter((id) => findDroplet(cloud, id) === undefined);
  return missing.length === 0 ? undefined : `${field}: there is no droplet ${missing.join(", ")}`;
}
