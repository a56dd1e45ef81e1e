import { netmaskOf } from "../../../ranges.ts";
import type { Store } from "../../../store/store.ts";
import type { Cloud } from "../../context.ts";
import { findImage, ownImages, presentImage } from "../images.ts";
import { presentRegion } from "../regions.ts";
import { findSize, presentDisks, presentGpu, presentSize } from "../sizes.ts";
import { volumeCollection } from "../volumes/model.ts";
import { findVpc } from "../vpcs.ts";
import { type BackupPolicy, type DropletDocument, isLocked, statusOf } from "./model.ts";

/** A droplet as the API shows it. */
export function presentDroplet(cloud: Cloud, droplet: DropletDocument): object {
  return present(cloud, droplet, belongings(cloud.store));
}

/** Droplets as the API shows them; what belongs to them is looked for once. */
export function presentDroplets(cloud: Cloud, droplets: readonly DropletDocument[]): object[] {
  const known = belongings(cloud.store);
  return droplets.map((droplet) => present(cloud, droplet, known));
}

/** Everything that may belong to a droplet. */
const belongings = (store: Store) => ({
  images: ownImages(store),
  volumes: volumeCollection(store).list(),
});

function present(cloud: Cloud, droplet: DropletDocument, known: ReturnType<typeof belongings>): object {
  const size = findSize(droplet.size);
  const image = findImage(cloud.store, droplet.image);
  const made = known.images.filter((one) => one.dropletId === droplet.id);
  const idsOf = (type: string) => made.filter((one) => one.type === type).map((one) => one.id);
  return {
    id: droplet.id,
    name: droplet.name,
    memory: size?.memoryMib,
    vcpus: size?.vcpus,
    disk: droplet.diskGib,
    disk_info: size === undefined ? [] : presentDisks(size),
    locked: isLocked(cloud, droplet),
    status: statusOf(cloud, droplet),
    kernel: null,
    created_at: droplet.createdAt,
    features: featuresOf(droplet),
    backup_ids: idsOf("backup"),
    next_backup_window: nextWindow(cloud, droplet.backupPolicy),
    snapshot_ids: idsOf("snapshot"),
    image: image === undefined ? {} : presentImage(cloud, image),
    volume_ids: known.volumes.filter((volume) => volume.dropletId === droplet.id).map((volume) => volume.id),
    size: size === undefined ? {} : presentSize(size),
    size_slug: droplet.size,
    networks: networksOf(cloud, droplet),
    region: presentRegion(droplet.region),
    tags: droplet.tags,
    vpc_uuid: droplet.vpcUuid,
    ...(size !== undefined && presentGpu(size)),
  };
}

function featuresOf(droplet: DropletDocument): string[] {
  const features: readonly (readonly [string, boolean])[] = [
    ["backups", droplet.backupPolicy !== undefined],
    ["ipv6", droplet.ipv6Address !== undefined],
    ["monitoring", droplet.monitoring],
    ["droplet_agent", droplet.agent],
    ["private_networking", true],
  ];
  return features.filter(([, present]) => present).map(([name]) => name);
}

function networksOf(cloud: Cloud, droplet: DropletDocument): object {
  // Addresses appear with the machine, not with the request for it.
  if (statusOf(cloud, droplet) === "new") return { v4: [], v6: [] };
  const range = findVpc(cloud.store, droplet.vpcUuid)?.ip_range ?? "";
  const privateNetwork = { ip_address: droplet.privateAddress, netmask: netmaskOf(range), type: "private" };
  const publicNetwork = {
    ip_address: droplet.publicAddress,
    netmask: "255.254.0.0",
    gateway: "198.18.0.1",
    type: "public",
  };
  const sixth = {
    ip_address: droplet.ipv6Address,
    netmask: 64,
    gateway: "2001:db8::1",
    type: "public",
  };
  return {
    v4: [privateNetwork, ...(droplet.publicAddress === undefined ? [] : [publicNetwork])],
    v6: droplet.ipv6Address === undefined ? [] : [sixth],
  };
}

const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const hourMs = 3_600_000;
const windowHours = 4;

/** When the next backup is taken; null without backups. */
export function nextWindow(cloud: Cloud, policy: BackupPolicy | undefined): object | null {
  if (policy === undefined) return null;
  const midnight = new Date(cloud.now()).setUTCHours(0, 0, 0, 0);
  for (let day = 0; day <= 7; day += 1) {
    const startMs = midnight + (day * 24 + policy.hour) * hourMs;
    const weekday = weekdays[new Date(startMs).getUTCDay()];
    if (startMs <= cloud.now() || (policy.plan === "weekly" && weekday !== policy.weekday)) continue;
    const at = (milliseconds: number) => new Date(milliseconds).toISOString().replace(".000", "");
    return { start: at(startMs), end: at(startMs + windowHours * hourMs) };
  }
  return null;
}

/** A backup policy as the API shows it. */
export function presentPolicy(policy: BackupPolicy): object {
  return {
    plan: policy.plan,
    ...(policy.weekday !== undefined && { weekday: policy.weekday }),
    hour: policy.hour,
    window_length_hours: windowHours,
    retention_period_days: policy.plan === "daily" ? 7 : 28,
  };
}
