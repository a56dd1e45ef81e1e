import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { Cloud } from "../../context.ts";
import { endpoint } from "../../endpoint.ts";
import { conflict, found, refuseIfAny } from "../../errors.ts";
import type { Family } from "../../family.ts";
import { optional, optionalText, tagList } from "../../fields.ts";
import { dropletProblems, removeDroplet } from "../droplets/create.ts";
import { isLocked, statusOf } from "../droplets/model.ts";
import { projectProblem } from "../projects.ts";
import { requireVpc } from "../vpcs.ts";
import {
  eventCollection,
  fill,
  membersOf,
  type PoolDocument,
  type PoolTemplate,
  poolCollection,
  poolIdentity,
  specOf,
  trim,
} from "./model.ts";

const utilization = z.number().min(0.05).max(1).optional();

const staticConfig = z.strictObject({ target_number_instances: z.number().int().min(1).max(1000) });

const dynamicConfig = z
  .strictObject({
    min_instances: z.number().int().min(1).max(500),
    max_instances: z.number().int().min(1).max(1000),
    target_cpu_utilization: utilization,
    target_memory_utilization: utilization,
    cooldown_minutes: z.number().int().min(5).max(20).optional(),
  })
  .refine((config) => config.min_instances <= config.max_instances, {
    path: ["max_instances"],
    message: "must not be below min_instances",
  })
  .refine(
    (config) => config.target_cpu_utilization !== undefined || config.target_memory_utilization !== undefined,
    { path: ["target_cpu_utilization"], message: "give a target for CPU, for memory or for both" },
  );

const template = z.strictObject({
  name: optionalText,
  region: z.string(),
  size: z.string(),
  image: z.union([z.string().min(1), z.number().int()]).transform(String),
  ssh_keys: z
    .array(z.union([z.string(), z.number().int()]).transform(String))
    .min(1, "give at least one SSH key"),
  tags: tagList,
  vpc_uuid: optionalText,
  with_droplet_agent: optional(z.boolean()).transform((agent) => agent ?? false),
  project_id: optionalText,
  ipv6: optional(z.boolean()).transform((ipv6) => ipv6 ?? false),
  user_data: optionalText,
  public_networking: optional(z.boolean()).transform((publicNetworking) => publicNetworking ?? true),
});

const poolRequest = z.strictObject({
  name: z.string().min(1).max(255),
  config: z.union([staticConfig, dynamicConfig]),
  droplet_template: template,
});

function present(cloud: Cloud, pool: PoolDocument): object {
  const active = membersOf(cloud, pool.id).filter((droplet) => statusOf(cloud, droplet) !== "new");
  return {
    ...pool,
    ...("min_instances" in pool.config && { current_utilization: { cpu: 0, memory: 0 } }),
    status: "active",
    active_resources_count: active.length,
  };
}

/** @throws ApiError naming everything that is wrong with the pool as it is to be. */
function check(
  cloud: Cloud,
  request: { name: string; droplet_template: PoolTemplate },
  ownId?: string,
): void {
  const wanted = request.droplet_template;
  const problems = [...dropletProblems(cloud, specOf(wanted)), projectProblem(cloud, wanted.project_id)];
  refuseIfAny(
    ...problems.map((problem) => (problem === undefined ? undefined : `droplet_template.${problem}`)),
  );
  requireVpc(cloud, wanted.region, wanted.vpc_uuid, "droplet_template.vpc_uuid");
  const taken = poolCollection(cloud.store)
    .list()
    .some((other) => other.name === request.name && other.id !== ownId);
  if (taken) throw conflict(`name: an autoscale pool named ${request.name} already exists`);
}

/** The pool, or a 404 in the words by which the vendor's plugin knows that a delete is done. */
const existing = (cloud: Cloud, id: string): PoolDocument =>
  found(poolCollection(cloud.store).get(id), `autoscale group with id ${id} not found`);

const list = endpoint({
  method: "GET",
  path: "/v2/droplets/autoscale",
  query: z.object({ name: z.string().optional() }),
  handle: ({ cloud, query, page }) =>
    page(
      "autoscale_pools",
      poolCollection(cloud.store)
        .list()
        .filter((pool) => query.name === undefined || pool.name === query.name)
        .map((pool) => present(cloud, pool)),
    ),
});

const create = endpoint({
  method: "POST",
  path: "/v2/droplets/autoscale",
  status: 202,
  body: poolRequest,
  handle: ({ cloud, body }) => {
    check(cloud, body);
    const pool: PoolDocument = {
      id: randomUUID(),
      ...body,
      created_at: cloud.timestamp(),
      updated_at: cloud.timestamp(),
    };
    putFilled(cloud, pool);
    return { autoscale_pool: present(cloud, pool) };
  },
});

const read = endpoint({
  method: "GET",
  path: "/v2/droplets/autoscale/{autoscale_pool_id}",
  handle: ({ cloud, params }) => ({
    autoscale_pool: present(cloud, existing(cloud, params.autoscale_pool_id)),
  }),
});

const replace = endpoint({
  method: "PUT",
  path: "/v2/droplets/autoscale/{autoscale_pool_id}",
  body: poolRequest,
  handle: async ({ cloud, params, body }) => {
    const pool = existing(cloud, params.autoscale_pool_id);
    check(cloud, body, pool.id);
    const updated: PoolDocument = { ...pool, ...body, updated_at: cloud.timestamp() };
    const members = membersOf(cloud, pool.id);
    putFilled(cloud, updated);
    if (!isDeepStrictEqual(withoutAbsent(pool.droplet_template), withoutAbsent(body.droplet_template))) {
      // Another template means other droplets: `forget` makes up for each that goes with one from the new template.
      for (const member of members) await removeDroplet(cloud, member.id);
    }
    await trim(cloud, updated);
    return { autoscale_pool: present(cloud, updated) };
  },
});

const withoutAbsent = (value: PoolTemplate): unknown => JSON.parse(JSON.stringify(value));

/** Writes a pool with the droplets it is short of: all of it, or nothing when one is refused. */
function putFilled(cloud: Cloud, pool: PoolDocument): void {
  cloud.store.transaction(() => {
    poolCollection(cloud.store).put(pool.id, pool);
    fill(cloud, pool, "CONFIGURATION_CHANGE");
  });
}

/** Deletes the pool, with its droplets or letting them go on alone. */
async function destroy(cloud: Cloud, id: string, withMembers: boolean): Promise<void> {
  const pool = existing(cloud, id);
  const members = membersOf(cloud, pool.id);
  poolCollection(cloud.store).delete(pool.id);
  for (const event of eventsOf(cloud, pool.id)) eventCollection(cloud.store).delete(event.history_event_id);
  if (withMembers) {
    for (const member of members) await removeDroplet(cloud, member.id);
  }
  await cloud.forget(poolIdentity(pool.id));
}

const remove = endpoint({
  method: "DELETE",
  path: "/v2/droplets/autoscale/{autoscale_pool_id}",
  status: 202,
  handle: ({ cloud, params }) => destroy(cloud, params.autoscale_pool_id, false),
});

const removeWithDroplets = endpoint({
  method: "DELETE",
  path: "/v2/droplets/autoscale/{autoscale_pool_id}/dangerous",
  status: 202,
  dangerous: true,
  handle: ({ cloud, params }) => destroy(cloud, params.autoscale_pool_id, true),
});

const listMembers = endpoint({
  method: "GET",
  path: "/v2/droplets/autoscale/{autoscale_pool_id}/members",
  handle: ({ cloud, params, page }) => {
    const pool = existing(cloud, params.autoscale_pool_id);
    const members = membersOf(cloud, pool.id).map((droplet) => ({
      droplet_id: droplet.id,
      created_at: droplet.createdAt,
      updated_at: droplet.createdAt,
      health_status: "healthy",
      status: statusOf(cloud, droplet) === "new" || isLocked(cloud, droplet) ? "provisioning" : droplet.power,
      current_utilization: { cpu: 0, memory: 0 },
    }));
    return page("droplets", members);
  },
});

const eventsOf = (cloud: Cloud, poolId: string) =>
  eventCollection(cloud.store)
    .list()
    .filter((event) => event.poolId === poolId);

const listHistory = endpoint({
  method: "GET",
  path: "/v2/droplets/autoscale/{autoscale_pool_id}/history",
  handle: ({ cloud, params, page }) => {
    const pool = existing(cloud, params.autoscale_pool_id);
    const history = eventsOf(cloud, pool.id).map(({ poolId: _pool, startedMs, ...event }) => ({
      ...event,
      status: cloud.settled(startedMs) ? "success" : "in_progress",
      updated_at: event.created_at,
    }));
    return page("history", history.reverse());
  },
});

/** Pools of equal droplets, that keep their number. */
export const autoscalePools: Family = {
  name: "droplet autoscale pools",
  endpoints: [list, create, read, replace, remove, removeWithDroplets, listMembers, listHistory],
  resources: (store) =>
    poolCollection(store)
      .list()
      .map((pool) => ({
        kind: "autoscale_pools",
        id: pool.id,
        name: pool.name,
        createdAt: pool.created_at,
      })),
  forget: (cloud, gone) => {
    if (gone.kind !== "droplets") return;
    // A pool makes up for a member that is gone.
    for (const pool of poolCollection(cloud.store).list()) fill(cloud, pool);
  },
};
