import { randomUUID } from "node:crypto";
import { z } from "zod";
import { regions } from "../../../catalog/regions.ts";
import type { Store } from "../../store/store.ts";
import { leasePrivateAddress, leasePublicAddress, releaseAddresses } from "../addresses.ts";
import type { Cloud } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { conflict, found, refuseIfAny } from "../errors.ts";
import type { Family, Identity } from "../family.ts";
import { listOf, optionalText } from "../fields.ts";
import { projectProblem } from "./projects.ts";
import { regionProblem } from "./regions.ts";
import { requireVpc } from "./vpcs.ts";

interface GatewayVpc {
  readonly vpc_uuid: string;
  readonly gateway_ip: string;
  readonly default_gateway: boolean;
}

interface GatewayDocument {
  readonly id: string;
  readonly name: string;
  readonly type: "PUBLIC";
  readonly region: string;
  readonly size: number;
  readonly vpcs: readonly GatewayVpc[];
  readonly address: string;
  readonly udp_timeout_seconds: number;
  readonly icmp_timeout_seconds: number;
  readonly tcp_timeout_seconds: number;
  readonly project_id?: string | undefined;
  readonly created_at: string;
  readonly updated_at: string;
  readonly createdMs: number;
}

const collection = (store: Store) => store.collection<GatewayDocument>("vpc_nat_gateways");

const identityOf = (id: string): Identity => ({ kind: "vpc_nat_gateways", id });

const name = z
  .string()
  .max(255)
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9.-]*$/, "may hold letters, digits, dashes and periods");
const size = z.number().int().min(1).max(100);
/** Go clients leave a zero out, and the API takes it for its default. */
const timeoutSeconds = z.number().int().min(0).max(86_400).optional();
const gatewayVpc = z.strictObject({
  vpc_uuid: z.string(),
  subnet_uuid: optionalText,
  gateway_ip: optionalText,
  default_gateway: z.boolean().default(false),
});
const timeouts = {
  udp_timeout_seconds: timeoutSeconds,
  icmp_timeout_seconds: timeoutSeconds,
  tcp_timeout_seconds: timeoutSeconds,
};

const createGateway = z.strictObject({
  name,
  type: z.literal("PUBLIC"),
  region: z.string(),
  size,
  vpcs: z.array(gatewayVpc).min(1),
  egresses: z.unknown().optional(),
  ...timeouts,
  project_id: optionalText,
});

/** Go clients send what cannot be changed too, empty or as it is. */
const updateGateway = z.strictObject({
  name,
  size,
  vpcs: listOf(gatewayVpc),
  ...timeouts,
  type: optionalText,
  region: optionalText,
  egresses: z.unknown().optional(),
  project_id: optionalText,
});

/** What the gateway does with a flow that is silent, unless told otherwise. */
const defaultTimeouts = { udp_timeout_seconds: 30, icmp_timeout_seconds: 30, tcp_timeout_seconds: 300 };

type TimeoutName = keyof typeof defaultTimeouts;

/** The timeouts asked for, else those there are. */
function timeoutsOf(
  request: { readonly [T in TimeoutName]?: number | undefined },
  known: Readonly<Record<TimeoutName, number>>,
): Record<TimeoutName, number> {
  return {
    udp_timeout_seconds: request.udp_timeout_seconds || known.udp_timeout_seconds,
    icmp_timeout_seconds: request.icmp_timeout_seconds || known.icmp_timeout_seconds,
    tcp_timeout_seconds: request.tcp_timeout_seconds || known.tcp_timeout_seconds,
  };
}

function natProblem(slug: string): string | undefined {
  const region = regions.find((one) => one.slug === slug);
  return region?.available === true && !region.natGateway ? `region: ${slug} has no NAT gateways` : undefined;
}

function refuseTakenName(cloud: Cloud, wanted: string, ownId?: string): void {
  const taken = collection(cloud.store)
    .list()
    .some((other) => other.name === wanted && other.id !== ownId);
  if (taken) throw conflict(`name: a NAT gateway named ${wanted} already exists`);
}

/** The gateway, or a 404 in the words by which the vendor's plugin knows that a delete is done. */
const existing = (cloud: Cloud, id: string): GatewayDocument =>
  found(collection(cloud.store).get(id), `nat gateway with id ${id} not found`);

/** The gateway's place in each VPC: the one it has, or a new one. */
function place(
  cloud: Cloud,
  gateway: { readonly id: string; readonly region: string; readonly vpcs: readonly GatewayVpc[] },
  wanted: readonly z.output<typeof gatewayVpc>[],
): GatewayVpc[] {
  const vpcs = wanted.map((one, index) => ({
    ...one,
    vpc: requireVpc(cloud, gateway.region, one.vpc_uuid, `vpcs.${index}.vpc_uuid`),
  }));
  return vpcs.map(({ vpc, default_gateway }) => {
    const known = gateway.vpcs.find((one) => one.vpc_uuid === vpc.id);
    const gateway_ip = known?.gateway_ip ?? leasePrivateAddress(cloud.store, vpc, identityOf(gateway.id));
    return { vpc_uuid: vpc.id, gateway_ip, default_gateway };
  });
}

function present(cloud: Cloud, gateway: GatewayDocument): object {
  const { createdMs, address, ...shown } = gateway;
  const active = cloud.settled(createdMs);
  return {
    ...shown,
    state: active ? "ACTIVE" : "NEW",
    egresses: { public_gateways: active ? [{ ipv4: address }] : [] },
  };
}

const list = endpoint({
  method: "GET",
  path: "/v2/vpc_nat_gateways",
  query: z.object({
    state: z.string().optional(),
    region: z.string().optional(),
    type: z.string().optional(),
    name: z.string().optional(),
  }),
  handle: ({ cloud, query, page }) => {
    const gateways = collection(cloud.store)
      .list()
      .filter((gateway) => query.region === undefined || gateway.region === query.region)
      .filter((gateway) => query.type === undefined || gateway.type === query.type.toUpperCase())
      .filter((gateway) => query.name === undefined || gateway.name === query.name)
      .filter(({ createdMs }) => {
        const state = cloud.settled(createdMs) ? "active" : "new";
        return query.state === undefined || query.state.toLowerCase() === state;
      });
    return page(
      "vpc_nat_gateways",
      gateways.map((gateway) => present(cloud, gateway)),
    );
  },
});

const create = endpoint({
  method: "POST",
  path: "/v2/vpc_nat_gateways",
  status: 202,
  body: createGateway,
  handle: ({ cloud, body }) => {
    refuseIfAny(regionProblem(body.region), natProblem(body.region), projectProblem(cloud, body.project_id));
    refuseTakenName(cloud, body.name);
    const id = randomUUID();
    const gateway: GatewayDocument = {
      id,
      name: body.name,
      type: body.type,
      region: body.region,
      size: body.size,
      vpcs: place(cloud, { id, region: body.region, vpcs: [] }, body.vpcs),
      address: leasePublicAddress(cloud.store, identityOf(id)),
      ...timeoutsOf(body, defaultTimeouts),
      project_id: body.project_id,
      created_at: cloud.timestamp(),
      updated_at: cloud.timestamp(),
      createdMs: cloud.now(),
    };
    collection(cloud.store).put(id, gateway);
    return { vpc_nat_gateway: present(cloud, gateway) };
  },
});

const read = endpoint({
  method: "GET",
  path: "/v2/vpc_nat_gateways/{id}",
  handle: ({ cloud, params }) => ({
    vpc_nat_gateway: present(cloud, existing(cloud, params.id)),
  }),
});

const replace = endpoint({
  method: "PUT",
  path: "/v2/vpc_nat_gateways/{id}",
  body: updateGateway,
  handle: ({ cloud, params, body }) => {
    const gateway = existing(cloud, params.id);
    const moved = (["type", "region"] as const).filter(
      (field) => body[field] !== undefined && body[field] !== gateway[field],
    );
    refuseIfAny(
      ...moved.map((field) => `${field}: cannot be changed from ${gateway[field]} to ${body[field]}`),
      projectProblem(cloud, body.project_id),
    );
    refuseTakenName(cloud, body.name, gateway.id);
    const updated: GatewayDocument = {
      ...gateway,
      name: body.name,
      size: body.size,
      vpcs: body.vpcs.length === 0 ? gateway.vpcs : place(cloud, gateway, body.vpcs),
      ...timeoutsOf(body, gateway),
      project_id: body.project_id ?? gateway.project_id,
      updated_at: cloud.timestamp(),
    };
    collection(cloud.store).put(gateway.id, updated);
    return { vpc_nat_gateway: present(cloud, updated) };
  },
});

const remove = endpoint({
  method: "DELETE",
  path: "/v2/vpc_nat_gateways/{id}",
  status: 202,
  handle: async ({ cloud, params }) => {
    const identity = identityOf(existing(cloud, params.id).id);
    collection(cloud.store).delete(identity.id);
    releaseAddresses(cloud.store, identity);
    await cloud.forget(identity);
  },
});

/** The way out of a VPC for what has no public address. */
export const natGateways: Family = {
  name: "NAT gateways",
  endpoints: [list, create, read, replace, remove],
  resources: (store) =>
    collection(store)
      .list()
      .map((gateway) => ({
        kind: "vpc_nat_gateways",
        id: gateway.id,
        name: gateway.name,
        createdAt: gateway.created_at,
        uses: gateway.vpcs.map((vpc) => ({ kind: "vpcs", id: vpc.vpc_uuid })),
      })),
};
