import { type Fields, integer, string } from "../dsl/fields.ts";
import { type Operation, type Operations, type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { isPlainMap, type PlainMap } from "../dsl/wire.ts";
import { act } from "../support/actions.ts";
import { uniqueId } from "../support/unique-id.ts";

const inputs: Fields = {
  dropletId: integer({ required: true, replaces: true, min: 1 }),
  volumeId: string({ required: true, replaces: true, minLength: 1 }),
};

async function isAttached(known: PlainMap, { api, signal }: Operation): Promise<boolean> {
  const volume = (await api.find(`/v2/volumes/${String(known.volumeId)}`, signal))?.volume;
  const droplets = isPlainMap(volume) ? volume.droplet_ids : undefined;
  return Array.isArray(droplets) && droplets.includes(known.dropletId ?? null);
}

const change = (known: PlainMap, type: "attach" | "detach", operation: Operation) =>
  act(`/v2/volumes/${String(known.volumeId)}`, { type, droplet_id: known.dropletId ?? 0 }, operation);

const documentOf = (known: PlainMap): PlainMap => ({
  droplet_id: known.dropletId ?? 0,
  volume_id: known.volumeId ?? "",
});

const operations: Operations = {
  async create(news, operation) {
    if (!(await isAttached(news, operation))) await change(news, "attach", operation);
    return {
      id: uniqueId(`${String(news.dropletId)}-${String(news.volumeId)}-`),
      document: documentOf(news),
    };
  },
  read: async (_id, known, operation) =>
    (await isAttached(known, operation)) ? documentOf(known) : undefined,
  async delete(_id, known, operation) {
    if (await isAttached(known, operation)) await change(known, "detach", operation);
  },
};

/** A volume on a droplet. */
export const volumeAttachment: ResourceDefinition = {
  token: resourceToken("VolumeAttachment"),
  noun: "a volume attachment",
  inputs,
  single: true,
  outputs: {},
  operations,
};
