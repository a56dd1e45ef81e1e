import { z } from "zod";
import type { Cloud } from "../../context.ts";
import { endpoint } from "../../endpoint.ts";
import { refuseIfAny, unprocessable } from "../../errors.ts";
import { optional } from "../../fields.ts";
import { type ActionView, actionsOf, requireAction, startAction } from "../actions.ts";
import { findImage, imageProblem, storeImage } from "../images.ts";
import { findSize, sizeProblem } from "../sizes.ts";
import { backupPolicy, defaultBackupPolicy, dropletName, newIpv6Address } from "./create.ts";
import {
  type DropletDocument,
  type DropletState,
  isLocked,
  listDroplets,
  putDroplet,
  requireDroplet,
} from "./model.ts";

const image = z.union([z.string().min(1), z.number().int()]);

const actionRequest = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.enum([
      "reboot",
      "power_cycle",
      "shutdown",
      "power_off",
      "power_on",
      "password_reset",
      "disable_backups",
      "enable_ipv6",
      "enable_private_networking",
    ]),
  }),
  z.strictObject({ type: z.literal("enable_backups"), backup_policy: optional(backupPolicy) }),
  z.strictObject({ type: z.literal("change_backup_policy"), backup_policy: backupPolicy }),
  z.strictObject({ type: z.literal("restore"), image }),
  z.strictObject({ type: z.literal("rebuild"), image }),
  z.strictObject({ type: z.literal("resize"), size: z.string(), disk: z.boolean().default(false) }),
  z.strictObject({ type: z.literal("rename"), name: dropletName }),
  z.strictObject({ type: z.literal("change_kernel"), kernel: z.number().int() }),
  z.strictObject({ type: z.literal("snapshot"), name: z.string().min(1).optional() }),
]);

type ActionRequest = z.output<typeof actionRequest>;
type ActionOf<T extends ActionRequest["type"]> = Extract<ActionRequest, { type: T }>;

/** What an action will have changed when it is over, or why it cannot be begun. */
type Effects = {
  readonly [T in ActionRequest["type"]]: (
    cloud: Cloud,
    droplet: DropletDocument,
    action: ActionOf<T>,
  ) => Partial<DropletState>;
};

const requireOff = (droplet: DropletDocument, what: string): void => {
  if (droplet.power !== "off") throw unprocessable(`Droplet must be powered off to ${what}.`);
};

const useImage = (cloud: Cloud, droplet: DropletDocument, reference: string | number) => {
  refuseIfAny(imageProblem(cloud, reference, droplet.diskGib));
  return { image: findImage(cloud.store, reference)?.id ?? droplet.image };
};

const effects: Effects = {
  reboot: (_cloud, droplet) => {
    if (droplet.power === "off") throw unprocessable("Droplet is powered off.");
    return {};
  },
  power_cycle: () => ({ power: "active" }),
  shutdown: () => ({ power: "off" }),
  power_off: (_cloud, droplet) => {
    if (droplet.power === "off") throw unprocessable("Droplet is already powered off.");
    return { power: "off" };
  },
  power_on: (_cloud, droplet) => {
    if (droplet.power === "active") throw unprocessable("Droplet is already powered on.");
    return { power: "active" };
  },
  password_reset: () => ({}),
  enable_private_networking: () => ({}),
  enable_ipv6: (_cloud, droplet) => ({ ipv6Address: droplet.ipv6Address ?? newIpv6Address() }),
  enable_backups: (_cloud, _droplet, action) => ({
    backupPolicy: action.backup_policy ?? defaultBackupPolicy,
  }),
  change_backup_policy: (_cloud, droplet, action) => {
    if (droplet.backupPolicy === undefined) throw unprocessable("Backups are not enabled on this Droplet.");
    return { backupPolicy: action.backup_policy };
  },
  disable_backups: () => ({ backupPolicy: undefined }),
  restore: (cloud, droplet, action) => useImage(cloud, droplet, action.image),
  rebuild: (cloud, droplet, action) => useImage(cloud, droplet, action.image),
  resize: (_cloud, droplet, action) => {
    refuseIfAny(sizeProblem(action.size, droplet.region));
    requireOff(droplet, "be resized");
    const diskGib = findSize(action.size)?.diskGib ?? droplet.diskGib;
    if (diskGib < droplet.diskGib) {
      throw unprocessable(
        `size: the disk of ${droplet.diskGib} GiB does not fit the ${diskGib} GiB of ${action.size}`,
      );
    }
    return { size: action.size, ...(action.disk && { diskGib }) };
  },
  rename: (_cloud, _droplet, action) => ({ name: action.name }),
  change_kernel: () => {
    throw unprocessable("kernel: this Droplet manages its kernel itself");
  },
  snapshot: (cloud, droplet, action) => {
    storeImage(cloud, {
      name: action.name ?? `${droplet.name}-${cloud.now()}`,
      type: "snapshot",
      distribution: findImage(cloud.store, droplet.image)?.distribution ?? "Unknown",
      regions: [droplet.region],
      min_disk_size: droplet.diskGib,
      size_gigabytes: Math.min(droplet.diskGib, 2.5),
      description: "",
      tags: [],
      dropletId: droplet.id,
    });
    return {};
  },
};

/** What is recorded of what was done to a droplet. */
export function startDropletAction(cloud: Cloud, droplet: DropletDocument, type: string): ActionView {
  const subject = { kind: "droplets", id: String(droplet.id) };
  return startAction(cloud, { type, subject, resourceType: "droplet", region: droplet.region });
}

function perform<T extends ActionRequest["type"]>(
  cloud: Cloud,
  droplet: DropletDocument,
  action: ActionOf<T> & { type: T },
): ActionView {
  if (isLocked(cloud, droplet)) throw unprocessable("Droplet already has a pending event.");
  const change = effects[action.type](cloud, droplet, action);
  putDroplet(cloud.store, { ...droplet, pending: { sinceMs: cloud.now(), change } });
  return startDropletAction(cloud, droplet, action.type);
}

const act = endpoint({
  method: "POST",
  path: "/v2/droplets/{droplet_id}/actions",
  body: actionRequest,
  handle: ({ cloud, params, body }) => ({
    action: perform(cloud, requireDroplet(cloud, params.droplet_id), body),
  }),
});

const actByTag = endpoint({
  method: "POST",
  path: "/v2/droplets/actions",
  query: z.object({ tag_name: z.string() }),
  body: actionRequest,
  handle: ({ cloud, query, body }) => ({
    actions: listDroplets(cloud)
      .filter((droplet) => droplet.tags.includes(query.tag_name))
      .map((droplet) => perform(cloud, droplet, body)),
  }),
});

const list = endpoint({
  method: "GET",
  path: "/v2/droplets/{droplet_id}/actions",
  handle: ({ cloud, params, page }) => {
    const { id } = requireDroplet(cloud, params.droplet_id);
    return page("actions", actionsOf(cloud, { kind: "droplets", id: String(id) }));
  },
});

const read = endpoint({
  method: "GET",
  path: "/v2/droplets/{droplet_id}/actions/{action_id}",
  handle: ({ cloud, params }) => ({
    action: requireAction(cloud, { kind: "droplets", id: params.droplet_id }, params.action_id),
  }),
});

/** What can be done to a droplet: each type with its request and its effect. */
export const dropletActions = [act, actByTag, list, read];
