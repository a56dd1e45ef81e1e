import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Store } from "../../store/store.ts";
import { leasePublicAddress, releaseAddresses } from "../addresses.ts";
import type { Cloud } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { found, refuseIfAny, unprocessable } from "../errors.ts";
import type { Family, Identity } from "../family.ts";
import { numericId, optionalText } from "../fields.ts";
import { actionsOf, linkTo, requireAction, startAction } from "./actions.ts";
import { findDroplet, missingDropletsProblem } from "./droplets/model.ts";
import { presentDroplet } from "./droplets/present.ts";
import { assignToProject, projectOf, projectProblem } from "./projects.ts";
import { presentRegion, regionProblem } from "./regions.ts";

interface ReservedIpDocument {
  readonly ip: string;
  /** Who holds the address: it cannot be itself before it is known. */
  readonly leaseId: string;
  readonly region: string;
  readonly dropletId?: number | undefined;
  readonly createdAt: string;
  /** When it was made, assigned or unassigned last. */
  readonly changedMs: number;
}

const collection = (store: Store) => store.collection<ReservedIpDocument>("reserved_ips");

/** The name the API's projects know it by is older than reserved IPs. */
const urnOf = (ip: string): string => `do:floatingip:${ip}`;

const identityOf = (ip: string): Identity => ({ kind: "reserved_ips", id: ip });

const createReservedIp = z
  .strictObject({
    droplet_id: numericId.optional(),
    region: optionalText,
    project_id: optionalText,
  })
  .refine((request) => (request.droplet_id === undefined) !== (request.region === undefined), {
    path: ["region"],
    message: "give either a region or a droplet_id",
  });

const actionRequest = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("assign"), droplet_id: numericId }),
  z.strictObject({ type: z.literal("unassign") }),
]);

function present(cloud: Cloud, reserved: ReservedIpDocument): object {
  const droplet = reserved.dropletId === undefined ? undefined : findDroplet(cloud, reserved.dropletId);
  return {
    ip: reserved.ip,
    region: presentRegion(reserved.region),
    droplet: droplet === undefined ? null : presentDroplet(cloud, droplet),
    locked: !cloud.settled(reserved.changedMs),
    project_id: projectOf(cloud, urnOf(reserved.ip)).id,
  };
}

const existing = (cloud: Cloud, ip: string): ReservedIpDocument => found(collection(cloud.store).get(ip));

/** A droplet has one reserved address at most, of its own region. @throws ApiError 422 */
function refuseAssignment(cloud: Cloud, dropletId: number, region: string | undefined): void {
  refuseIfAny(missingDropletsProblem(cloud, [dropletId], "droplet_id"));
  const droplet = findDroplet(cloud, dropletId);
  if (region !== undefined && droplet?.region !== region) {
    throw unprocessable(`droplet_id: the droplet is in ${droplet?.region}, and the address in ${region}`);
  }
  const held = collection(cloud.store)
    .list()
    .find((other) => other.dropletId === dropletId);
  if (held !== undefined)
    throw unprocessable(`droplet_id: the droplet already has the reserved IP ${held.ip}`);
}

function startReservedIpAction(cloud: Cloud, reserved: ReservedIpDocument, type: string) {
  const { ip, region } = reserved;
  return startAction(cloud, { type, subject: identityOf(ip), resourceType: "reserved_ip", region });
}

const list = endpoint({
  method: "GET",
  path: "/v2/reserved_ips",
  handle: ({ cloud, page }) =>
    page(
      "reserved_ips",
      collection(cloud.store)
        .list()
        .map((reserved) => present(cloud, reserved)),
    ),
});

const create = endpoint({
  method: "POST",
  path: "/v2/reserved_ips",
  status: 202,
  body: createReservedIp,
  handle: ({ cloud, body }) => {
    refuseIfAny(
      projectProblem(cloud, body.project_id),
      body.droplet_id === undefined ? regionProblem(body.region) : undefined,
    );
    if (body.droplet_id !== undefined) refuseAssignment(cloud, body.droplet_id, undefined);
    const region = body.region ?? findDroplet(cloud, body.droplet_id ?? 0)?.region ?? "";
    const leaseId = randomUUID();
    const ip = leasePublicAddress(cloud.store, identityOf(leaseId));
    const reserved: ReservedIpDocument = {
      ip,
      leaseId,
      region,
      dropletId: body.droplet_id,
      createdAt: cloud.timestamp(),
      changedMs: cloud.now(),
    };
    collection(cloud.store).put(ip, reserved);
    if (body.project_id !== undefined) assignToProject(cloud, urnOf(ip), body.project_id);
    const type = body.droplet_id === undefined ? "reserve_ip" : "assign_ip";
    const action = startReservedIpAction(cloud, reserved, type);
    return { reserved_ip: present(cloud, reserved), links: { actions: [linkTo(action, "create")] } };
  },
});

const read = endpoint({
  method: "GET",
  path: "/v2/reserved_ips/{reserved_ip}",
  handle: ({ cloud, params }) => ({ reserved_ip: present(cloud, existing(cloud, params.reserved_ip)) }),
});

const remove = endpoint({
  method: "DELETE",
  path: "/v2/reserved_ips/{reserved_ip}",
  handle: ({ cloud, params }) => destroy(cloud, params.reserved_ip),
});

async function destroy(cloud: Cloud, address: string): Promise<void> {
  const { ip, leaseId } = existing(cloud, address);
  collection(cloud.store).delete(ip);
  releaseAddresses(cloud.store, identityOf(leaseId));
  await cloud.forget(identityOf(ip));
}

const act = endpoint({
  method: "POST",
  path: "/v2/reserved_ips/{reserved_ip}/actions",
  body: actionRequest,
  handle: ({ cloud, params, body }) => {
    const reserved = existing(cloud, params.reserved_ip);
    if (body.type === "assign") {
      if (reserved.dropletId !== body.droplet_id) refuseAssignment(cloud, body.droplet_id, reserved.region);
    } else if (reserved.dropletId === undefined) {
      throw unprocessable("The reserved IP is not assigned to a Droplet.");
    }
    const dropletId = body.type === "assign" ? body.droplet_id : undefined;
    collection(cloud.store).put(reserved.ip, { ...reserved, dropletId, changedMs: cloud.now() });
    return { action: startReservedIpAction(cloud, reserved, `${body.type}_ip`) };
  },
});

const listActions = endpoint({
  method: "GET",
  path: "/v2/reserved_ips/{reserved_ip}/actions",
  handle: ({ cloud, params, page }) =>
    page("actions", actionsOf(cloud, identityOf(existing(cloud, params.reserved_ip).ip))),
});

const readAction = endpoint({
  method: "GET",
  path: "/v2/reserved_ips/{reserved_ip}/actions/{action_id}",
  handle: ({ cloud, params }) => ({
    action: requireAction(cloud, identityOf(params.reserved_ip), params.action_id),
  }),
});

/** Public addresses that outlive the droplets they lead to. */
export const reservedIps: Family = {
  name: "reserved IPs",
  endpoints: [list, create, read, remove, act, listActions, readAction],
  resources: (store) =>
    collection(store)
      .list()
      .map(({ ip, createdAt, dropletId }) => ({
        kind: "reserved_ips",
        id: ip,
        name: ip,
        createdAt,
        urn: urnOf(ip),
        uses: dropletId === undefined ? [] : [{ kind: "droplets", id: String(dropletId) }],
      })),
  destroy: { reserved_ips: destroy },
  forget: (cloud, gone) => {
    if (gone.kind !== "droplets") return;
    for (const reserved of collection(cloud.store).list()) {
      if (String(reserved.dropletId) === gone.id) {
        collection(cloud.store).put(reserved.ip, { ...reserved, dropletId: undefined });
      }
    }
  },
};
