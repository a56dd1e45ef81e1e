import type { Cloud } from "../../context.ts";
import { endpoint } from "../../endpoint.ts";
import { ownImages } from "../images.ts";
import { type DropletDocument, listDroplets, requireDroplet } from "./model.ts";
import { nextWindow, presentPolicy } from "./present.ts";

/** Backups or snapshots of one droplet. */
function imagesOf(cloud: Cloud, dropletId: string, type: "backup" | "snapshot"): object[] {
  const { id } = requireDroplet(cloud, dropletId);
  return ownImages(cloud.store)
    .filter((image) => image.dropletId === id && image.type === type)
    .map((image) => ({
      id: image.id,
      name: image.name,
      created_at: image.created_at,
      regions: image.regions,
      min_disk_size: image.min_disk_size,
      size_gigabytes: image.size_gigabytes,
      type,
    }));
}

function policyRecord(cloud: Cloud, droplet: DropletDocument): object {
  const { backupPolicy } = droplet;
  return {
    droplet_id: droplet.id,
    backup_enabled: backupPolicy !== undefined,
    ...(backupPolicy !== undefined && {
      backup_policy: presentPolicy(backupPolicy),
      next_backup_window: nextWindow(cloud, backupPolicy),
    }),
  };
}

const listBackups = endpoint({
  method: "GET",
  path: "/v2/droplets/{droplet_id}/backups",
  handle: ({ cloud, params, page }) => page("backups", imagesOf(cloud, params.droplet_id, "backup")),
});

const listSnapshots = endpoint({
  method: "GET",
  path: "/v2/droplets/{droplet_id}/snapshots",
  handle: ({ cloud, params, page }) => page("snapshots", imagesOf(cloud, params.droplet_id, "snapshot")),
});

const readPolicy = endpoint({
  method: "GET",
  path: "/v2/droplets/{droplet_id}/backups/policy",
  handle: ({ cloud, params }) => ({ policy: policyRecord(cloud, requireDroplet(cloud, params.droplet_id)) }),
});

const listPolicies = endpoint({
  method: "GET",
  path: "/v2/droplets/backups/policies",
  handle: ({ cloud, page }) => {
    const droplets = listDroplets(cloud).filter((droplet) => droplet.backupPolicy !== undefined);
    const { policies, ...rest } = page("policies", droplets);
    const shown = droplets.filter((droplet) => Array.isArray(policies) && policies.includes(droplet));
    return {
      policies: Object.fromEntries(
        shown.map((droplet) => [String(droplet.id), policyRecord(cloud, droplet)]),
      ),
      ...rest,
    };
  },
});

const hours = [0, 4, 8, 12, 16, 20];
const supported = [
  {
    name: "weekly",
    possible_window_starts: hours,
    window_length_hours: 4,
    retention_period_days: 28,
    possible_days: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
  },
  {
    name: "daily",
    possible_window_starts: hours,
    window_length_hours: 4,
    retention_period_days: 7,
    possible_days: [],
  },
];

const listSupported = endpoint({
  method: "GET",
  path: "/v2/droplets/backups/supported_policies",
  handle: () => ({ supported_policies: supported }),
});

/** Copies of droplets, and when they are taken. The sandbox takes none by itself: its droplets hold nothing. */
export const dropletBackups = [listBackups, listSnapshots, readPolicy, listPolicies, listSupported];
