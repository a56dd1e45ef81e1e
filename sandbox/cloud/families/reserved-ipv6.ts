import { z } from "zod";
import type { Store } from "../../store/store.ts";
import type { Cloud } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { found, refuseIfAny, unprocessable } from "../errors.ts";
import type { Family, Identity } from "../family.ts";
import { startAction } from "./actions.ts";
import { newIpv6Address } from "./droplets/create.ts";
import { findDroplet, missingDropletsProblem } from "./droplets/model.ts";
import { presentDroplet } from "./droplets/present.ts";
import { regionProblem } from "./regions.ts";
import { assignmentRequest } from "./reserved-ips.ts";

interface ReservedIpv6Document {
  readonly ip: string;
  readonly region: string;
  readonly dropletId?: number | undefined;
  readonly reservedAt: string;
}

const collection = (store: Store) => store.collection<ReservedIpv6Document>("reserved_ipv6s");

const identityOf = (ip: string): Identity => ({ kind: "reserved_ipv6s", id: ip });

function present(cloud: Cloud, { ip, region, dropletId, reservedAt }: ReservedIpv6Document): object {
  const droplet = dropletId === undefined ? undefined : findDroplet(cloud, dropletId);
  return {
    ip,
    region_slug: region,
    reserved_at: reservedAt,
    droplet: droplet === undefined ? null : presentDroplet(cloud, droplet),
  };
}

const existing = (cloud: Cloud, ip: string): ReservedIpv6Document => found(collection(cloud.store).get(ip));

const list = endpoint({
  method: "GET",
  path: "/v2/reserved_ipv6",
  handle: ({ cloud, page }) =>
    page(
      "reserved_ipv6s",
      collection(cloud.store)
        .list()
        .map((reserved) => present(cloud, reserved)),
    ),
});

const create = endpoint({
  method: "POST",
  path: "/v2/reserved_ipv6",
  body: z.strictObject({ region_slug: z.string() }),
  handle: ({ cloud, body }) => {
    refuseIfAny(regionProblem(body.region_slug, "region_slug"));
    const reserved = { ip: newIpv6Address(), region: body.region_slug, reservedAt: cloud.timestamp() };
    collection(cloud.store).put(reserved.ip, reserved);
    return { reserved_ipv6: present(cloud, reserved) };
  },
});

const read = endpoint({
  method: "GET",
  path: "/v2/reserved_ipv6/{reserved_ipv6}",
  handle: ({ cloud, params }) => ({ reserved_ipv6: present(cloud, existing(cloud, params.reserved_ipv6)) }),
});

const remove = endpoint({
  method: "DELETE",
  path: "/v2/reserved_ipv6/{reserved_ipv6}",
  handle: ({ cloud, params }) => destroy(cloud, params.reserved_ipv6),
});

async function destroy(cloud: Cloud, address: string): Promise<void> {
  const { ip } = existing(cloud, address);
  collection(cloud.store).delete(ip);
  await cloud.forget(identityOf(ip));
}

const act = endpoint({
  method: "POST",
  path: "/v2/reserved_ipv6/{reserved_ipv6}/actions",
  body: assignmentRequest,
  handle: ({ cloud, params, body }) => {
    const reserved = existing(cloud, params.reserved_ipv6);
    const dropletId = body.type === "assign" ? body.droplet_id : undefined;
    if (dropletId === undefined && reserved.dropletId === undefined) {
      throw unprocessable("The reserved IPv6 is not assigned to a Droplet.");
    }
    if (dropletId !== undefined && dropletId !== reserved.dropletId) {
      refuseAssignment(cloud, reserved, dropletId);
    }
    collection(cloud.store).put(reserved.ip, { ...reserved, dropletId });
    return {
      action: startAction(cloud, {
        type: `${body.type}_ip`,
        subject: identityOf(reserved.ip),
        resourceType: "reserved_ipv6",
        // An address of 128 bits is no number of the API's.
        resourceId: dropletId ?? reserved.dropletId ?? 0,
        region: reserved.region,
      }),
    };
  },
});

/** A droplet has one reserved IPv6 address at most, of its own region, and IPv6 itself. @throws ApiError 422 */
function refuseAssignment(cloud: Cloud, { region }: ReservedIpv6Document, dropletId: number): void {
  refuseIfAny(missingDropletsProblem(cloud, [dropletId], "droplet_id"));
  const droplet = findDroplet(cloud, dropletId);
  const held = collection(cloud.store)
    .list()
    .find((other) => other.dropletId === dropletId);
  refuseIfAny(
    droplet?.region === region
      ? undefined
      : `droplet_id: the droplet is in ${droplet?.region}, and the address in ${region}`,
    droplet?.ipv6Address === undefined ? "droplet_id: IPv6 is not enabled on the droplet" : undefined,
    held === undefined ? undefined : `droplet_id: the droplet already has the reserved IPv6 ${held.ip}`,
  );
}

/** Public IPv6 addresses that outlive the droplets they lead to. */
export const reservedIpv6: Family = {
  name: "reserved IPv6",
  endpoints: [list, create, read, remove, act],
  resources: (store) =>
    collection(store)
      .list()
      .map(({ ip, reservedAt, dropletId }) => ({
        kind: "reserved_ipv6s",
        id: ip,
        name: ip,
        createdAt: reservedAt,
        uses: dropletId === undefined ? [] : [{ kind: "droplets", id: String(dropletId) }],
      })),
  destroy: { reserved_ipv6s: destroy },
  forget: (cloud, gone) => {
    if (gone.kind !== "droplets") return;
    for (const reserved of collection(cloud.store).list()) {
      if (String(reserved.dropletId) === gone.id) {
        collection(cloud.store).put(reserved.ip, { ...reserved, dropletId: undefined });
      }
    }
  },
};
