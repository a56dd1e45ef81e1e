import { type Fields, integer, string } from "../dsl/fields.ts";
import { type Operation, type Operations, type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { address } from "../dsl/values.ts";
import { isPlainMap, type PlainMap } from "../dsl/wire.ts";
import { act } from "../support/actions.ts";
import { uniqueId } from "../support/unique-id.ts";

const inputs: Fields = {
  dropletId: integer({ required: true, replaces: true, min: 1 }),
  ipAddress: string({ required: true, replaces: true, rules: [address] }),
};

const path = (known: PlainMap) => `/v2/reserved_ips/${String(known.ipAddress)}`;

async function isAssigned(known: PlainMap, { api, signal }: Operation): Promise<boolean> {
  const found = (await api.find(path(known), signal))?.reserved_ip;
  const droplet = isPlainMap(found) ? found.droplet : undefined;
  return isPlainMap(droplet) && droplet.id === known.dropletId;
}

const documentOf = (known: PlainMap): PlainMap => ({
  droplet_id: known.dropletId ?? 0,
  ip_address: known.ipAddress ?? "",
});

const idOf = (known: PlainMap) => uniqueId(`${String(known.dropletId)}-${String(known.ipAddress)}-`);

const operations: Operations = {
  async create(news, operation) {
    if (!(await isAssigned(news, operation))) {
      await act(path(news), { type: "assign", droplet_id: news.dropletId ?? 0 }, operation);
    }
    return { id: idOf(news), document: documentOf(news) };
  },
  read: async (_id, known, operation) =>
    (await isAssigned(known, operation)) ? documentOf(known) : undefined,
  async delete(_id, known, operation) {
    if (await isAssigned(known, operation)) await act(path(known), { type: "unassign" }, operation);
  },
  importing(id) {
    const [ipAddress = "", droplet = ""] = id.split(",");
    const known = { ipAddress, dropletId: Number(droplet) };
    return { id: idOf(known), known };
  },
};

/** A reserved IP on a droplet. */
export const reservedIpAssignment: ResourceDefinition = {
  token: resourceToken("ReservedIpAssignment"),
  noun: "an assignment of a reserved IP",
  inputs,
  single: true,
  outputs: {},
  operations,
};
