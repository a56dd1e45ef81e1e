import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Store } from "../../store/store.ts";
import type { Cloud } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { conflict, found, refuseIfAny } from "../errors.ts";
import type { Family } from "../family.ts";
import { findVpc } from "./vpcs.ts";

/** Two VPCs whose members reach each other, as stored. */
interface PeeringDocument {
  readonly id: string;
  readonly name: string;
  readonly vpc_ids: readonly string[];
  readonly created_at: string;
  readonly createdMs: number;
}

const collection = (store: Store) => store.collection<PeeringDocument>("vpc_peerings");

const name = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[a-zA-Z0-9-]+$/, "may hold letters, digits and dashes only");

const createPeering = z.strictObject({ name, vpc_ids: z.array(z.string()).length(2, "name two VPCs") });
const peerWith = z.strictObject({ name, vpc_id: z.string() });
const renaming = z.strictObject({ name });

function present(cloud: Cloud, { createdMs, ...peering }: PeeringDocument): object {
  return { ...peering, status: cloud.settled(createdMs) ? "ACTIVE" : "PROVISIONING" };
}

/** The peerings of a VPC, the oldest first. @throws ApiError 404 when there is no such VPC */
function peeringsOf(cloud: Cloud, vpcId: string): PeeringDocument[] {
  const { id } = found(findVpc(cloud.store, vpcId));
  return collection(cloud.store)
    .list()
    .filter((peering) => peering.vpc_ids.includes(id));
}

function refuseTakenName(cloud: Cloud, wanted: string, ownId?: string): void {
  const others = collection(cloud.store)
    .list()
    .filter(({ id }) => id !== ownId);
  if (others.some((other) => other.name === wanted)) {
    throw conflict(`name: a VPC peering named ${wanted} already exists in this account`);
  }
}

/** @throws ApiError 409 or 422 */
function make(cloud: Cloud, wanted: z.output<typeof createPeering>): object {
  const [first, second] = wanted.vpc_ids;
  refuseIfAny(
    ...wanted.vpc_ids.map((id) =>
      findVpc(cloud.store, id) === undefined ? `vpc_ids: there is no VPC ${id}` : undefined,
    ),
    first === second ? "vpc_ids: a VPC is not peered with itself" : undefined,
  );
  refuseTakenName(cloud, wanted.name);
  const known = collection(cloud.store)
    .list()
    .find((peering) => wanted.vpc_ids.every((id) => peering.vpc_ids.includes(id)));
  if (known !== undefined) throw conflict(`vpc_ids: these VPCs are peered already, by ${known.name}`);
  const peering = {
    id: randomUUID(),
    ...wanted,
    created_at: cloud.timestamp(),
    createdMs: cloud.now(),
  };
  collection(cloud.store).put(peering.id, peering);
  return present(cloud, peering);
}

/** @throws ApiError 404 or 409 */
function rename(cloud: Cloud, known: PeeringDocument | undefined, to: string): object {
  const peering = { ...found(known), name: to };
  refuseTakenName(cloud, to, peering.id);
  collection(cloud.store).put(peering.id, peering);
  return present(cloud, peering);
}

const list = endpoint({
  method: "GET",
  path: "/v2/vpc_peerings",
  query: z.object({ region: z.string().optional() }),
  handle: ({ cloud, query, page }) => {
    const peerings = collection(cloud.store)
      .list()
      .filter(
        ({ vpc_ids }) =>
          query.region === undefined ||
          vpc_ids.some((id) => findVpc(cloud.store, id)?.region === query.region),
      );
    return page(
      "vpc_peerings",
      peerings.map((peering) => present(cloud, peering)),
    );
  },
});

const create = endpoint({
  method: "POST",
  path: "/v2/vpc_peerings",
  status: 202,
  body: createPeering,
  handle: ({ cloud, body }) => ({ vpc_peering: make(cloud, body) }),
});

const read = endpoint({
  method: "GET",
  path: "/v2/vpc_peerings/{vpc_peering_id}",
  handle: ({ cloud, params }) => ({
    vpc_peering: present(cloud, found(collection(cloud.store).get(params.vpc_peering_id))),
  }),
});

const patch = endpoint({
  method: "PATCH",
  path: "/v2/vpc_peerings/{vpc_peering_id}",
  body: renaming,
  handle: ({ cloud, params, body }) => ({
    vpc_peering: rename(cloud, collection(cloud.store).get(params.vpc_peering_id), body.name),
  }),
});

const remove = endpoint({
  method: "DELETE",
  path: "/v2/vpc_peerings/{vpc_peering_id}",
  status: 202,
  handle: async ({ cloud, params }) => {
    const peering = found(collection(cloud.store).get(params.vpc_peering_id));
    collection(cloud.store).delete(peering.id);
    await cloud.forget({ kind: "vpc_peerings", id: peering.id });
    return { vpc_peering: { ...present(cloud, peering), status: "DELETING" } };
  },
});

const listOfVpc = endpoint({
  method: "GET",
  path: "/v2/vpcs/{vpc_id}/peerings",
  handle: ({ cloud, params, page }) => {
    const peerings = peeringsOf(cloud, params.vpc_id);
    return page(
      "peerings",
      peerings.map((peering) => present(cloud, peering)),
    );
  },
});

const createOfVpc = endpoint({
  method: "POST",
  path: "/v2/vpcs/{vpc_id}/peerings",
  status: 202,
  body: peerWith,
  handle: ({ cloud, params, body }) => {
    const { id } = found(findVpc(cloud.store, params.vpc_id));
    return { peering: make(cloud, { name: body.name, vpc_ids: [id, body.vpc_id] }) };
  },
});

const patchOfVpc = endpoint({
  method: "PATCH",
  path: "/v2/vpcs/{vpc_id}/peerings/{vpc_peering_id}",
  body: renaming,
  handle: ({ cloud, params, body }) => {
    const known = peeringsOf(cloud, params.vpc_id).find(({ id }) => id === params.vpc_peering_id);
    return { peering: rename(cloud, known, body.name) };
  },
});

/** VPCs that reach each other, by themselves and seen from one of the two. */
export const vpcPeerings: Family = {
  name: "VPC peerings",
  endpoints: [list, create, read, patch, remove, listOfVpc, createOfVpc, patchOfVpc],
  resources: (store) =>
    collection(store)
      .list()
      .map((peering) => ({
        kind: "vpc_peerings",
        id: peering.id,
        name: peering.name,
        createdAt: peering.created_at,
        uses: peering.vpc_ids.map((id) => ({ kind: "vpcs", id })),
      })),
};
