import type { CheckFailure, PlainValue, PropertyMap } from "../../kit/index.ts";
import { unwrap } from "../../kit/index.ts";
import { boolean, type Fields, integer, name, number, object, set, string, tags } from "../dsl/fields.ts";
import { type Operation, type Operations, type ResourceDefinition, resourceToken } from "../dsl/resource.ts";
import { pickWire, rest, untilReady, whenStatus } from "../dsl/rest.ts";
import { uuid } from "../dsl/values.ts";
import { isPlainMap, type PlainMap } from "../dsl/wire.ts";
import { act } from "../support/actions.ts";
import { setTags } from "../support/tagging.ts";

const inputs: Fields = {
  backupPolicy: object({
    hour: integer({ min: 0, max: 20 }),
    plan: string({ oneOf: ["daily", "weekly"] }),
    weekday: string({ oneOf: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] }),
  }),
  backups: boolean({ default: false }),
  dropletAgent: boolean({ replaces: true, wire: null }),
  gracefulShutdown: boolean({ default: false, wire: null }),
  image: string({ required: true, replaces: true, minLength: 1, wire: null }),
  ipv6: boolean({ default: false }),
  ipv6Address: string({ computed: true }),
  monitoring: boolean({ default: false, replaces: true }),
  name: name({
    pattern: [/^[a-zA-Z0-9][a-zA-Z0-9.-]*$/, "a host name holds letters, digits, dots and dashes only"],
  }),
  privateNetworking: boolean({ computed: true }),
  publicNetworking: boolean({ computed: true, replaces: true }),
  region: string({ computed: true, replaces: true, offer: "regions" }),
  resizeDisk: boolean({ default: true, wire: null }),
  size: string({ required: true, offer: "droplet sizes" }),
  sshKeys: set(string(), { replaces: true, wire: null }),
  tags: tags(),
  userData: string({ replaces: true, wire: null, hashed: true, minLength: 1, maxLength: 65_536 }),
  volumeIds: set(string(), { computed: true }),
  vpcUuid: string({ computed: true, replaces: true, rules: [uuid] }),
};

const CREATED_WITH = [
  "name",
  "region",
  "size",
  "backups",
  "backupPolicy",
  "ipv6",
  "monitoring",
  "tags",
  "vpcUuid",
] as const;

/** Key ids are numbers to the API, fingerprints are text. */
const numeric = (value: PlainValue) => (/^\d+$/.test(String(value)) ? Number(value) : value);

function body(news: PlainMap): PlainMap {
  const optional: Record<string, PlainValue | undefined> = {
    ssh_keys: Array.isArray(news.sshKeys) ? news.sshKeys.map(numeric) : undefined,
    user_data: news.userData,
    with_droplet_agent: news.dropletAgent,
    volumes: news.volumeIds,
    public_networking: news.publicNetworking === false ? false : undefined,
  };
  return {
    ...pickWire(inputs, news, CREATED_WITH),
    image: numeric(news.image ?? ""),
    ...Object.fromEntries(
      Object.entries(optional).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
    ),
  };
}

function addressOf(document: PlainMap, version: "v4" | "v6", type: "public" | "private"): string {
  const networks = isPlainMap(document.networks) ? document.networks[version] : undefined;
  const network = Array.isArray(networks)
    ? networks.filter(isPlainMap).find((candidate) => candidate.type === type)
    : undefined;
  return String(network?.ip_address ?? "");
}

function document(found: PlainMap): PlainMap {
  const features = Array.isArray(found.features) ? found.features : [];
  const size = isPlainMap(found.size) ? found.size : {};
  const publicAddress = addressOf(found, "v4", "public");
  return {
    ...found,
    urn: `do:droplet:${String(found.id)}`,
    size: found.size_slug ?? size.slug ?? "",
    price_hourly: size.price_hourly ?? 0,
    price_monthly: size.price_monthly ?? 0,
    ipv4_address: publicAddress,
    ipv4_address_private: addressOf(found, "v4", "private"),
    ipv6_address: addressOf(found, "v6", "public").toLowerCase(),
    public_networking: publicAddress !== "",
    backups: features.includes("backups"),
    ipv6: features.includes("ipv6"),
    private_networking: features.includes("private_networking"),
    monitoring: features.includes("monitoring"),
  };
}

const collection = rest({
  inputs,
  path: "/v2/droplets",
  one: "droplet",
  many: "droplets",
  body,
  document,
  ready: whenStatus("active"),
  goesSlowly: true,
});

const path = (id: string) => `/v2/droplets/${id}`;

/** Waits until the droplet is on or off, as an action leaves it. */
async function settled(
  id: string,
  status: "active" | "off",
  known: PlainMap,
  operation: Operation,
): Promise<void> {
  await untilReady(path(id), () => collection.read(id, known, operation), whenStatus(status), operation);
}

async function resize(id: string, news: PlainMap, known: PlainMap, operation: Operation): Promise<void> {
  const action = { type: "resize", size: news.size ?? "", disk: news.resizeDisk ?? true };
  const current = await collection.read(id, known, operation);
  if (current?.status !== "off") await act(path(id), { type: "power_off" }, operation);
  await settled(id, "off", known, operation);
  try {
    await act(path(id), action, operation);
  } finally {
    await act(path(id), { type: "power_on" }, operation);
  }
  await settled(id, "active", known, operation);
}

async function moveVolumes(id: string, news: PlainMap, now: PlainMap, operation: Operation): Promise<void> {
  if (!Array.isArray(news.volumeIds)) return;
  const wanted = news.volumeIds.map(String);
  const attached = Array.isArray(now.volume_ids) ? now.volume_ids.map(String) : [];
  const move = (volume: string, type: "attach" | "detach") =>
    act(`/v2/volumes/${volume}`, { type, droplet_id: Number(id) }, operation);
  for (const volume of wanted.filter((candidate) => !attached.includes(candidate)))
    await move(volume, "attach");
  for (const volume of attached.filter((candidate) => !wanted.includes(candidate)))
    await move(volume, "detach");
}

const operations: Operations = {
  ...collection,
  async update(id, news, known, operation) {
    const now = await collection.read(id, known, operation);
    if (now === undefined) return;
    const change = (action: PlainMap) => act(path(id), action, operation);
    if (news.size !== now.size) await resize(id, news, known, operation);
    if (news.name !== now.name) await change({ type: "rename", name: news.name ?? "" });
    const policy = pickWire(inputs, news, ["backupPolicy"]);
    if (news.backups !== now.backups) {
      await change(
        news.backups === true ? { type: "enable_backups", ...policy } : { type: "disable_backups" },
      );
    } else if (news.backups === true && news.backupPolicy !== undefined) {
      await change({ type: "change_backup_policy", ...policy });
    }
    if (news.ipv6 === true && now.ipv6 !== true) await change({ type: "enable_ipv6" });
    await setTags("droplet", id, { before: now.tags, after: news.tags }, operation);
    await moveVolumes(id, news, now, operation);
  },
  async delete(id, known, operation) {
    if (known.gracefulShutdown === true && (await collection.read(id, known, operation)) !== undefined) {
      await act(path(id), { type: "shutdown" }, operation);
    }
    await collection.delete(id, known, operation);
  },
};

function rules(checked: PropertyMap): CheckFailure[] {
  if (checked.backupPolicy === undefined || unwrap(checked.backups) !== false) return [];
  return [
    { path: ["backupPolicy"], reason: "needs backups: set `backups` to true, or leave the policy out" },
  ];
}

/** A virtual machine. */
export const droplet: ResourceDefinition = {
  token: resourceToken("Droplet"),
  noun: "a droplet",
  inputs,
  schemaVersion: 1,
  rules,
  // An address of version 6 can be added to a droplet, but never taken away.
  transitions: { ipv6: (before, after) => (before === true && after === false ? "replaces" : undefined) },
  outputs: {
    createdAt: string(),
    disk: integer(),
    dropletUrn: string({ wire: "urn" }),
    ipv4Address: string(),
    ipv4AddressPrivate: string(),
    locked: boolean(),
    memory: integer(),
    priceHourly: number(),
    priceMonthly: number(),
    status: string(),
    vcpus: integer(),
  },
  operations,
};
