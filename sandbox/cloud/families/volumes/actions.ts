import { z } from "zod";
import type { Cloud } from "../../context.ts";
import { endpoint } from "../../endpoint.ts";
import { found, refuseIfAny, unprocessable } from "../../errors.ts";
import { numericId, optionalText, tagList } from "../../fields.ts";
import { type ActionView, actionsOf, requireAction, startAction } from "../actions.ts";
import { findDroplet, missingDropletsProblem } from "../droplets/model.ts";
import { ensureTags } from "../tags.ts";
import { attachmentProblems, setAttachment, type VolumeDocument, volumeCollection } from "./model.ts";

const region = optionalText;

const attach = z.strictObject({ type: z.literal("attach"), droplet_id: numericId, region, tags: tagList });
const detach = z.strictObject({ type: z.literal("detach"), droplet_id: numericId, region });
const resize = z.strictObject({
  type: z.literal("resize"),
  size_gigabytes: z.number().int().min(1).max(16_384),
  region,
});

const actionRequest = z.discriminatedUnion("type", [attach, detach, resize]);
const actionByName = z.discriminatedUnion("type", [
  attach.extend({ volume_name: z.string() }),
  detach.extend({ volume_name: z.string() }),
]);

type ActionRequest = z.output<typeof actionRequest>;
type ActionOf<T extends ActionRequest["type"]> = Extract<ActionRequest, { type: T }>;

type Effects = {
  readonly [T in ActionRequest["type"]]: (cloud: Cloud, volume: VolumeDocument, action: ActionOf<T>) => void;
};

const effects: Effects = {
  attach: (cloud, volume, action) => {
    const droplet = findDroplet(cloud, action.droplet_id);
    refuseIfAny(missingDropletsProblem(cloud, [action.droplet_id], "droplet_id"));
    if (droplet === undefined || volume.dropletId === droplet.id) return;
    refuseIfAny(...attachmentProblems(cloud.store, [volume.id], droplet));
    ensureTags(cloud, action.tags);
    const tags = [...new Set([...volume.tags, ...action.tags])];
    volumeCollection(cloud.store).put(volume.id, { ...volume, tags });
    setAttachment(cloud.store, volume.id, droplet.id);
  },
  detach: (cloud, volume, action) => {
    if (volume.dropletId !== action.droplet_id) {
      throw unprocessable(`droplet_id: ${volume.name} is not attached to the droplet ${action.droplet_id}`);
    }
    setAttachment(cloud.store, volume.id, undefined);
  },
  resize: (cloud, volume, action) => {
    if (action.size_gigabytes < volume.sizeGib) {
      throw unprocessable(
        `size_gigabytes: ${volume.name} has ${volume.sizeGib} GiB, and volumes cannot shrink`,
      );
    }
    volumeCollection(cloud.store).put(volume.id, { ...volume, sizeGib: action.size_gigabytes });
  },
};

const typeNames = { attach: "attach_volume", detach: "detach_volume", resize: "resize_volume" } as const;

function perform<T extends ActionRequest["type"]>(
  cloud: Cloud,
  volume: VolumeDocument,
  action: ActionOf<T> & { type: T },
): ActionView {
  if (action.region !== undefined && action.region !== volume.region) {
    throw unprocessable(`region: the volume ${volume.name} is in ${volume.region}, not in ${action.region}`);
  }
  effects[action.type](cloud, volume, action);
  return startAction(cloud, {
    type: typeNames[action.type],
    subject: { kind: "volumes", id: volume.id },
    resourceType: "volume",
    region: volume.region,
  });
}

const act = endpoint({
  method: "POST",
  path: "/v2/volumes/{volume_id}/actions",
  status: 202,
  body: actionRequest,
  handle: ({ cloud, params, body }) => ({
    action: perform(cloud, found(volumeCollection(cloud.store).get(params.volume_id)), body),
  }),
});

const actByName = endpoint({
  method: "POST",
  path: "/v2/volumes/actions",
  status: 202,
  body: actionByName,
  handle: ({ cloud, body }) => {
    const volume = volumeCollection(cloud.store)
      .list()
      .find(
        (one) => one.name === body.volume_name && (body.region === undefined || one.region === body.region),
      );
    return { action: perform(cloud, found(volume), body) };
  },
});

const list = endpoint({
  method: "GET",
  path: "/v2/volumes/{volume_id}/actions",
  handle: ({ cloud, params, page }) => {
    const { id } = found(volumeCollection(cloud.store).get(params.volume_id));
    return page("actions", actionsOf(cloud, { kind: "volumes", id }));
  },
});

const read = endpoint({
  method: "GET",
  path: "/v2/volumes/{volume_id}/actions/{action_id}",
  handle: ({ cloud, params }) => ({
    action: requireAction(cloud, { kind: "volumes", id: params.volume_id }, params.action_id),
  }),
});

/** What can be done to a volume: each type with its request and its effect. */
export const volumeActions = [act, actByName, list, read];
