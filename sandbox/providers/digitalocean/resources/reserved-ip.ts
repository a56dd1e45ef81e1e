import type { PlainValue } from "../../kit/index.ts";
import { type Fields, integer, string } from "../dsl/fields.ts";
import { type Operation, type Operations, type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { rest } from "../dsl/rest.ts";
import { isPlainMap, type PlainMap } from "../dsl/wire.ts";
import { act } from "../support/actions.ts";

const inputs: Fields = {
  dropletId: integer({ min: 1 }),
  ipAddress: string({ computed: true, wire: "ip" }),
  region: string({ required: true, replaces: true, offer: "regions" }),
};

const collection = rest({
  inputs,
  path: "/v2/reserved_ips",
  one: "reserved_ip",
  many: "reserved_ips",
  id: (document) => String(document.ip),
  body: (news) => ({ region: news.region ?? "" }),
  document: (found) => {
    const droplet = found.droplet;
    return {
      ...found,
      ...(isPlainMap(droplet) ? { droplet_id: droplet.id ?? null } : {}),
      urn: `do:reservedip:${String(found.ip)}`,
    };
  },
});

/** Moves the address to the droplet that should have it, or takes it away. */
async function point(ip: string, now: PlainMap, wanted: PlainMap, operation: Operation): Promise<void> {
  const path = `/v2/reserved_ips/${ip}`;
  const droplet = wanted.dropletId;
  if (droplet !== undefined && droplet !== now.droplet_id) {
    await act(path, { type: "assign", droplet_id: droplet }, operation);
  } else if (droplet === undefined && now.droplet_id !== undefined)
    await act(path, { type: "unassign" }, operation);
}

/** All addresses of the account, by address. */
async function addresses({ api, signal }: Operation): Promise<Map<string, PlainMap>> {
  const all = await api.list("/v2/reserved_ips", "reserved_ips", signal);
  return new Map(all.map((address) => [String(address.ip), address]));
}

const isIn = (address: PlainMap, region: PlainValue | undefined) =>
  isPlainMap(address.region) && address.region.slug === region;

const operations: Operations = {
  create: async (news, operation) => {
    const { api, signal } = operation;
    // Addresses have no name to be found by: the one that was not there before is ours.
    const before = await addresses(operation);
    const lookUp = async () => {
      const made = [...(await addresses(operation)).values()].find(
        (address) =>
          !before.has(String(address.ip)) && isIn(address, news.region) && address.droplet === null,
      );
      return made && { reserved_ip: made };
    };
    const found = await api.create("/v2/reserved_ips", { region: news.region ?? "" }, lookUp, signal);
    const document = isPlainMap(found.reserved_ip) ? found.reserved_ip : {};
    return { id: String(document.ip), document };
  },
  async settle({ id, document }, news, operation) {
    if (news.dropletId !== undefined) await point(id, document, news, operation);
    return (await collection.read(id, news, operation)) ?? document;
  },
  read: collection.read,
  async update(id, news, known, operation) {
    const now = await collection.read(id, known, operation);
    if (now !== undefined) await point(id, now, news, operation);
    return undefined;
  },
  async delete(id, known, operation) {
    const now = await collection.read(id, known, operation);
    if (now === undefined) return;
    await point(id, now, {}, operation);
    await collection.delete(id, known, operation);
  },
};

/** A public address that stays ours and can move between droplets. */
export const reservedIp: ResourceDefinition = {
  token: resourceToken("ReservedIp"),
  noun: "a reserved IP",
  inputs,
  outputs: { reservedIpUrn: string({ wire: "urn" }) },
  operations,
};
