import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Cloud } from "../../context.ts";
import { endpoint } from "../../endpoint.ts";
import { found, refuseIfAny } from "../../errors.ts";
import { optional, optionalText, tagList } from "../../fields.ts";
import { ensureTags } from "../tags.ts";
import { requireVpc } from "../vpcs.ts";
import { clusterName, newUser, settingsBody, storageSize } from "./create.ts";
import {
  type DatabaseDocument,
  listDatabases,
  putDatabase,
  type Replica,
  refuseEngine,
  requireDatabase,
  requireEngine,
} from "./model.ts";
import { administratorName, presentReplica } from "./present.ts";
import { provision } from "./provision.ts";
import { databaseRegionProblem, includedStorageMib, shapeProblems, shrinkProblems } from "./sizes.ts";

const replicas = "/v2/databases/{database_cluster_uuid}/replicas";

const list = endpoint({
  method: "GET",
  path: replicas,
  handle: ({ cloud, params, page }) => {
    const database = requireDatabase(cloud, params.database_cluster_uuid);
    refuseEngine(database, "pg", "read-only replicas");
    return page(
      "replicas",
      database.replicas.map((replica) => presentReplica(cloud, database, replica)),
    );
  },
});

const create = endpoint({
  method: "POST",
  path: replicas,
  body: z.strictObject({
    name: clusterName,
    region: optionalText,
    size: optionalText,
    private_network_uuid: optionalText,
    tags: tagList,
    storage_size_mib: storageSize,
    do_settings: optional(settingsBody),
  }),
  handle: async ({ cloud, params, body }) => {
    const database = requireEngine(cloud, params.database_cluster_uuid, "pg", "read-only replicas");
    const region = body.region ?? database.region;
    const size = body.size ?? database.size;
    const storageSizeMib =
      body.storage_size_mib ?? Math.max(includedStorageMib(size), database.storageSizeMib);
    refuseIfAny(
      nameProblem(database, body.name),
      databaseRegionProblem(region),
      ...shapeProblems(database.engine, { size, numNodes: 1, storageSizeMib }),
      storageSizeMib < database.storageSizeMib
        ? `storage_size_mib: a replica holds all of its primary's ${database.storageSizeMib} MiB`
        : undefined,
    );
    const wanted = body.private_network_uuid ?? (region === database.region ? database.vpcUuid : undefined);
    const vpcUuid = requireVpc(cloud, region, wanted, "private_network_uuid").id;
    const place = database.place && (await cloud.stores.choosePlace());
    const replica: Replica = {
      id: randomUUID(),
      name: body.name,
      region,
      size,
      storageSizeMib,
      vpcUuid,
      tags: body.tags,
      createdAt: cloud.timestamp(),
      createdMs: cloud.now(),
      rules: [],
      place,
    };
    // What was asked for while this waited stays.
    const now = requireDatabase(cloud, database.id);
    refuseIfAny(nameProblem(now, body.name));
    ensureTags(cloud, replica.tags);
    putDatabase(cloud.store, { ...now, replicas: [...now.replicas, replica] });
    return { replica: presentReplica(cloud, database, replica) };
  },
});

const read = endpoint({
  method: "GET",
  path: `${replicas}/{replica_name}`,
  handle: ({ cloud, params }) => {
    const { database, replica } = requireReplica(cloud, params);
    return { replica: presentReplica(cloud, database, replica) };
  },
});

const remove = endpoint({
  method: "DELETE",
  path: `${replicas}/{replica_name}`,
  handle: async ({ cloud, params }) => {
    const { database, replica } = requireReplica(cloud, params);
    putDatabase(cloud.store, without(database, replica));
    await cloud.stores.delete(replica.id);
    await cloud.forget({ kind: "database_replicas", id: replica.id });
  },
});

/** A promoted replica is a cluster of its own, with its own id and everything that was in its primary. */
const promote = endpoint({
  method: "PUT",
  path: `${replicas}/{replica_name}/promote`,
  status: 204,
  handle: async ({ cloud, params }) => {
    const { database, replica } = requireReplica(cloud, params);
    putDatabase(cloud.store, without(database, replica));
    const { id, name, region, size, storageSizeMib, vpcUuid, tags, createdAt, createdMs, rules, place } =
      replica;
    const others = database.users.filter(({ role }) => role !== "primary");
    putDatabase(cloud.store, {
      ...database,
      ...{ id, name, region, size, storageSizeMib, vpcUuid, tags, createdAt, createdMs, rules },
      numNodes: 1,
      users: [newUser(administratorName(database.engine), "primary"), ...others],
      pools: [],
      replicas: [],
      sinks: [],
      pending: undefined,
      place,
      // Also where its server has never run, and has to be made now.
      origin: database.place && { id: database.id, place: database.place },
    });
    await provision(cloud, id);
  },
});

/** A replica with its primary. */
export interface FoundReplica {
  readonly database: DatabaseDocument;
  readonly replica: Replica;
}

/** The replica of that id, of whatever cluster. */
export function findReplica(cloud: Cloud, id: string): FoundReplica | undefined {
  for (const database of listDatabases(cloud)) {
    const replica = database.replicas.find((each) => each.id === id);
    if (replica !== undefined) return { database, replica };
  }
  return undefined;
}

/** Makes a replica larger. @throws ApiError 422 naming everything that is wrong */
export function resizeReplica(
  cloud: Cloud,
  { database, replica }: FoundReplica,
  body: { size: string; storage_size_mib?: number | undefined },
): void {
  const shape = {
    size: body.size,
    numNodes: 1,
    storageSizeMib: body.storage_size_mib ?? Math.max(includedStorageMib(body.size), replica.storageSizeMib),
  };
  refuseIfAny(...shapeProblems(database.engine, shape), ...shrinkProblems(replica, shape));
  const { size, storageSizeMib } = shape;
  const resized = { ...replica, size, storageSizeMib, resizedMs: cloud.now() };
  putDatabase(cloud.store, {
    ...database,
    replicas: database.replicas.map((each) => (each.id === replica.id ? resized : each)),
  });
}

function requireReplica(
  cloud: Cloud,
  params: { database_cluster_uuid: string; replica_name: string },
): FoundReplica {
  const database = requireDatabase(cloud, params.database_cluster_uuid);
  return { database, replica: found(database.replicas.find(({ name }) => name === params.replica_name)) };
}

function nameProblem(database: DatabaseDocument, name: string): string | undefined {
  return database.replicas.some((replica) => replica.name === name)
    ? `name: ${database.name} already has a replica named ${name}`
    : undefined;
}

function without(database: DatabaseDocument, replica: Replica): DatabaseDocument {
  return { ...database, replicas: database.replicas.filter(({ id }) => id !== replica.id) };
}

export const databaseReplicas = [list, create, read, remove, promote];
