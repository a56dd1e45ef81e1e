import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Store } from "../../store/store.ts";
import { leasePublicAddress, releaseAddresses } from "../addresses.ts";
import type { Cloud } from "../context.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";
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

/** Leads a reserved address to a droplet, or to none. */
export const assignmentRequest = z.discriminatedUnion("type", [
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

function startReservedIpAction(cloud: Cloud, reserved: ReservedIpDocument, type: string, word: Word) {
  const { ip, region } = reserved;
  return startAction(cloud, { type, subject: identityOf(ip), resourceType: word, region });
}

/** The two names of one thing: floating IPs are what reserved IPs were called, and old clients still call them so. */
type Word = "reserved_ip" | "floating_ip";

/** The operations under one of the two names, which is in their paths, parameters and answers. */
function endpointsCalled(word: Word): Endpoint[] {
  const base = `/v2/${word}s` as const;
  const one = `${base}/{${word}}` as const;
  return [
    endpoint({
      method: "GET",
      path: base,
      handle: ({ cloud, page }) =>
        page(
          `${word}s`,
          collection(cloud.store)
            .list()
            .map((reserved) => present(cloud, reserved)),
        ),
    }),
    endpoint({
      method: "POST",
      path: base,
      status: 202,
      body: createReservedIp,
      handle: ({ cloud, body }) => {
        const reserved = create(cloud, body);
        const type = reserved.dropletId === undefined ? "reserve_ip" : "assign_ip";
        const action = startReservedIpAction(cloud, reserved, type, word);
        return { [word]: present(cloud, reserved), links: { actions: [linkTo(action, "create")] } };
      },
    }),
    endpoint({
      method: "GET",
      path: one,
      handle: ({ cloud, params }) => ({ [word]: present(cloud, existing(cloud, params[word])) }),
    }),
    endpoint({
      method: "DELETE",
      path: one,
      handle: ({ cloud, params }) => destroy(cloud, params[word]),
    }),
    endpoint({
      method: "POST",
      path: `${one}/actions`,
      body: assignmentRequest,
      handle: ({ cloud, params, body }) => {
        const reserved = existing(cloud, params[word]);
        assign(cloud, reserved, body.type === "assign" ? body.droplet_id : undefined);
        return { action: startReservedIpAction(cloud, reserved, `${body.type}_ip`, word) };
      },
    }),
    endpoint({
      method: "GET",
      path: `${one}/actions`,
      handle: ({ cloud, params, page }) =>
        page("actions", actionsOf(cloud, identityOf(existing(cloud, params[word]).ip))),
    }),
    endpoint({
      method: "GET",
      path: `${one}/actions/{action_id}`,
      handle: ({ cloud, params }) => ({
        action: requireAction(cloud, identityOf(params[word]), params.action_id),
      }),
    }),
  ];
}

function create(cloud: Cloud, body: z.output<typeof createReservedIp>): ReservedIpDocument {
  refuseIfAny(
    projectProblem(cloud, body.project_id),
    body.droplet_id === undefined ? regionProblem(body.region) : undefined,
  );
  if (body.droplet_id !== undefined) refuseAssignment(cloud, body.droplet_id, undefined);
  const leaseId = randomUUID();
  const reserved: ReservedIpDocument = {
    ip: leasePublicAddress(cloud.store, identityOf(leaseId)),
    leaseId,
    region: body.region ?? findDroplet(cloud, body.droplet_id ?? 0)?.region ?? "",
    dropletId: body.droplet_id,
    createdAt: cloud.timestamp(),
    changedMs: cloud.now(),
  };
  collection(cloud.store).put(reserved.ip, reserved);
  if (body.project_id !== undefined) assignToProject(cloud, urnOf(reserved.ip), body.project_id);
  return reserved;
}

/** Leads the address to a droplet, or to none. @throws ApiError 422 */
function assign(cloud: Cloud, reserved: ReservedIpDocument, dropletId: number | undefined): void {
  if (dropletId !== undefined && dropletId !== reserved.dropletId) {
    refuseAssignment(cloud, dropletId, reserved.region);
  }
  if (dropletId === undefined && reserved.dropletId === undefined) {
    throw unprocessable("The reserved IP is not assigned to a Droplet.");
  }
  collection(cloud.store).put(reserved.ip, { ...reserved, dropletId, changedMs: cloud.now() });
}

async function destroy(cloud: Cloud, address: string): Promise<void> {
  const { ip, leaseId } = existing(cloud, address);
  collection(cloud.store).delete(ip);
  releaseAddresses(cloud.store, identityOf(leaseId));
  await cloud.forget(identityOf(ip));
}

/** Public addresses that outlive the droplets they lead to. */
export const reservedIps: Family = {
  name: "reserved IPs",
  endpoints: [...endpointsCalled("reserved_ip"), ...endpointsCalled("floating_ip")],
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
