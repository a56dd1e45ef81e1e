import { randomUUID } from "node:crypto";
import { z } from "zod";
import { regions } from "../../../catalog/regions.ts";
import { contains, formatRange, type Ipv4Range, overlap, parseRange, privateRanges } from "../../ranges.ts";
import type { Store } from "../../store/store.ts";
import type { Cloud } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { ApiError, conflict, forbidden, found, unprocessable } from "../errors.ts";
import type { CloudResource, Family } from "../family.ts";

/** A virtual private cloud, as stored and as shown. */
export interface Vpc {
  readonly id: string;
  readonly urn: string;
  name: string;
  description: string;
  readonly region: string;
  readonly ip_range: string;
  readonly created_at: string;
  default: boolean;
}

const collection = (store: Store) => store.collection<Vpc>("vpcs");

const name = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[a-zA-Z0-9\-.]+$/, "may hold letters, digits, dashes and periods only");
const description = z.string().max(255);

const createVpc = z.strictObject({
  name,
  description: description.default(""),
  region: z.string(),
  ip_range: z.string().optional(),
});

const replaceVpc = z.strictObject({
  name,
  description: description.optional(),
  default: z.boolean().optional(),
});

const patchVpc = replaceVpc.partial();

/** Ranges DigitalOcean keeps for itself in every region. */
const reservedRanges = ["10.244.0.0/16", "10.245.0.0/16", "10.246.0.0/24", "10.229.0.0/16"];

const listVpcs = endpoint({
  method: "GET",
  path: "/v2/vpcs",
  handle: ({ cloud, page }) => page("vpcs", collection(cloud.store).list()),
});

const create = endpoint({
  method: "POST",
  path: "/v2/vpcs",
  body: createVpc,
  handle: ({ cloud, body }) => {
    const known = collection(cloud.store).list();
    if (!regions.some((region) => region.slug === body.region)) {
      throw unprocessable(`region: ${body.region} is not a valid region`);
    }
    if (known.some((vpc) => vpc.name === body.name)) {
      throw conflict(`name: a VPC named ${body.name} already exists in this account`);
    }
    return { vpc: make(cloud, { ...body, ip_range: body.ip_range ?? freeRange(known), default: false }) };
  },
});

const read = endpoint({
  method: "GET",
  path: "/v2/vpcs/{vpc_id}",
  handle: ({ cloud, params }) => ({ vpc: found(findVpc(cloud.store, params.vpc_id)) }),
});

const replace = endpoint({
  method: "PUT",
  path: "/v2/vpcs/{vpc_id}",
  body: replaceVpc,
  handle: ({ cloud, params, body }) => ({ vpc: update(cloud, params.vpc_id, body) }),
});

const patch = endpoint({
  method: "PATCH",
  path: "/v2/vpcs/{vpc_id}",
  body: patchVpc,
  handle: ({ cloud, params, body }) => ({ vpc: update(cloud, params.vpc_id, body) }),
});

const remove = endpoint({
  method: "DELETE",
  path: "/v2/vpcs/{vpc_id}",
  handle: async ({ cloud, params }) => {
    const vpc = found(findVpc(cloud.store, params.vpc_id));
    if (vpc.default) throw forbidden("Can not delete default VPCs");
    const members = cloud.usersOf({ kind: "vpcs", id: vpc.id });
    if (members.length > 0) {
      const names = members.map((member) => `${member.kind}/${member.name}`).join(", ");
      throw conflict(`Can not delete VPC with members: ${names}`);
    }
    collection(cloud.store).delete(vpc.id);
    await cloud.forget({ kind: "vpcs", id: vpc.id });
  },
});

const listMembers = endpoint({
  method: "GET",
  path: "/v2/vpcs/{vpc_id}/members",
  query: z.object({ resource_type: z.string().optional() }),
  handle: ({ cloud, params, query, page }) => {
    const vpc = found(findVpc(cloud.store, params.vpc_id));
    const members = cloud
      .usersOf({ kind: "vpcs", id: vpc.id })
      .map((member) => ({ name: member.name, urn: member.urn ?? "", created_at: member.createdAt }))
      .filter((member) => member.urn !== "")
      .filter(({ urn }) => query.resource_type === undefined || urn.startsWith(`do:${query.resource_type}:`));
    return page("members", members);
  },
});

function update(cloud: Cloud, id: string, change: z.output<typeof patchVpc>): Vpc {
  const vpc = found(findVpc(cloud.store, id));
  const others = collection(cloud.store)
    .list()
    .filter((other) => other.id !== id);
  if (others.some((other) => other.name === change.name)) {
    throw conflict(`name: a VPC named ${change.name} already exists in this account`);
  }
  if (change.default === false && vpc.default) {
    throw unprocessable("default: make another VPC of the region its default instead");
  }
  if (change.default === true) {
    for (const other of others.filter((one) => one.default && one.region === vpc.region)) {
      collection(cloud.store).put(other.id, { ...other, default: false });
    }
  }
  const updated = {
    ...vpc,
    name: change.name ?? vpc.name,
    description: change.description ?? vpc.description,
    default: change.default ?? vpc.default,
  };
  collection(cloud.store).put(id, updated);
  return updated;
}

/** Checks the range against the rules and against every other VPC, and stores the VPC. */
function make(
  cloud: Cloud,
  wanted: Pick<Vpc, "name" | "description" | "region" | "ip_range" | "default">,
): Vpc {
  const range = parseRange(wanted.ip_range);
  if (range === undefined) {
    throw unprocessable(
      `ip_range: ${wanted.ip_range} is not a range in CIDR notation, such as 10.10.10.0/24`,
    );
  }
  refuseRange(range, collection(cloud.store).list());
  const id = randomUUID();
  const vpc: Vpc = { id, urn: `do:vpc:${id}`, ...wanted, created_at: cloud.timestamp() };
  collection(cloud.store).put(id, vpc);
  return vpc;
}

function refuseRange(range: Ipv4Range, known: readonly Vpc[]): void {
  const text = formatRange(range);
  if (!privateRanges.some((outer) => contains(outer, range))) {
    throw unprocessable(`ip_range: ${text} is not within the private ranges of RFC 1918`);
  }
  if (range.prefixLength < 16 || range.prefixLength > 28) {
    throw unprocessable(`ip_range: ${text} must be between a /16 and a /28`);
  }
  const reserved = reservedRanges.find((cidr) => overlaps(cidr, range));
  if (reserved !== undefined) {
    throw unprocessable(`ip_range: ${text} overlaps with ${reserved}, which is reserved`);
  }
  const other = known.find((vpc) => overlaps(vpc.ip_range, range));
  if (other !== undefined) {
    throw unprocessable(`ip_range: ${text} overlaps with ${other.ip_range} of the VPC ${other.name}`);
  }
}

function overlaps(cidr: string, range: Ipv4Range): boolean {
  const parsed = parseRange(cidr);
  return parsed !== undefined && overlap(parsed, range);
}

/** A /20 nobody has, from 10.100.0.0 on, as the API chooses one when the request names none. */
function freeRange(known: readonly Vpc[]): string {
  const first = parseRange("10.100.0.0/20");
  for (let step = 0; first !== undefined && step < 1024; step += 1) {
    const range = { ...first, first: first.first + step * 4096 };
    const taken = [...reservedRanges, ...known.map((vpc) => vpc.ip_range)];
    if (!taken.some((cidr) => overlaps(cidr, range))) return formatRange(range);
  }
  throw new ApiError(503, "No range is left for another VPC: name one with ip_range, or delete VPCs.");
}

/** The VPC, if there is one of this id. */
export function findVpc(store: Store, id: string): Vpc | undefined {
  return collection(store).get(id);
}

/**
 * The VPC a request puts something into: the one named, or the region's default, which is made when it is first needed.
 * @param field The request's field, for the message.
 * @throws ApiError 422 when it does not exist or is of another region.
 */
export function requireVpc(
  cloud: Cloud,
  region: string,
  vpcUuid: string | undefined,
  field = "vpc_uuid",
): Vpc {
  if (vpcUuid === undefined || vpcUuid === "") return defaultVpc(cloud, region);
  const vpc = findVpc(cloud.store, vpcUuid);
  if (vpc === undefined) throw unprocessable(`${field}: there is no VPC ${vpcUuid}`);
  if (vpc.region !== region) {
    throw unprocessable(`${field}: the VPC ${vpc.name} is in ${vpc.region}, not in ${region}`);
  }
  return vpc;
}

function defaultVpc(cloud: Cloud, region: string): Vpc {
  const known = collection(cloud.store).list();
  return (
    known.find((vpc) => vpc.default && vpc.region === region) ??
    make(cloud, {
      name: `default-${region}`,
      description: "",
      region,
      ip_range: freeRange(known),
      default: true,
    })
  );
}

/** Virtual private clouds: the worked example of a family. */
export const vpcs: Family = {
  name: "vpcs",
  endpoints: [listVpcs, create, read, replace, patch, remove, listMembers],
  resources: (store) =>
    collection(store)
      .list()
      .map(
        (vpc): CloudResource => ({
          kind: "vpcs",
          id: vpc.id,
          name: vpc.name,
          createdAt: vpc.created_at,
          urn: vpc.urn,
          permanent: vpc.default,
        }),
      ),
};
