import { z } from "zod";
import type { Cloud } from "../../context.ts";
import { endpoint } from "../../endpoint.ts";
import { refuseIfAny, unprocessable } from "../../errors.ts";
import { optional, optionalText } from "../../fields.ts";
import { requireVpc } from "../vpcs.ts";
import { autoscaleBody, createBody, createDatabase, settingsBody, storageSize } from "./create.ts";
import {
  type DatabaseDocument,
  databaseCollection,
  listDatabases,
  putDatabase,
  requireDatabase,
  requireOnline,
} from "./model.ts";
import { presentDatabase } from "./present.ts";
import { provision } from "./provision.ts";
import { findReplica, resizeReplica } from "./replicas.ts";
import {
  databaseRegionProblem,
  includedStorageMib,
  offeredVersions,
  shapeProblems,
  shrinkProblems,
} from "./sizes.ts";

const cluster = "/v2/databases/{database_cluster_uuid}";
const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

const list = endpoint({
  method: "GET",
  path: "/v2/databases",
  query: z.object({ tag_name: z.string().optional() }),
  handle: ({ cloud, query, page }) => {
    const databases = listDatabases(cloud).filter(
      ({ tags }) => query.tag_name === undefined || tags.includes(query.tag_name),
    );
    return page(
      "databases",
      databases.map((database) => presentDatabase(cloud, database)),
    );
  },
});

const create = endpoint({
  method: "POST",
  path: "/v2/databases",
  body: createBody,
  handle: async ({ cloud, body }) => ({
    database: presentDatabase(cloud, await createDatabase(cloud, body)),
  }),
});

const read = endpoint({
  method: "GET",
  path: cluster,
  handle: ({ cloud, params }) => ({
    database: presentDatabase(cloud, requireDatabase(cloud, params.database_cluster_uuid)),
  }),
});

const remove = endpoint({
  method: "DELETE",
  path: cluster,
  handle: async ({ cloud, params }) => {
    const database = requireDatabase(cloud, params.database_cluster_uuid);
    databaseCollection(cloud.store).delete(database.id);
    await cloud.stores.delete(database.id);
    for (const { id } of database.replicas) await cloud.stores.delete(id);
    for (const { id } of database.replicas) await cloud.forget({ kind: "database_replicas", id });
    await cloud.forget({ kind: "databases", id: database.id });
  },
});

const resizeBody = z.strictObject({
  size: z.string(),
  num_nodes: z.number().int().min(1).optional(),
  storage_size_mib: storageSize,
});

const resize = endpoint({
  method: "PUT",
  path: `${cluster}/resize`,
  status: 202,
  body: resizeBody,
  handle: ({ cloud, params, body }) => {
    // A replica is resized under its own id, as if it were a cluster.
    const replica = findReplica(cloud, params.database_cluster_uuid);
    if (replica !== undefined) return resizeReplica(cloud, replica, body);
    const database = requireOnline(cloud, params.database_cluster_uuid);
    const shape = {
      size: body.size,
      numNodes: body.num_nodes ?? database.numNodes,
      storageSizeMib:
        body.storage_size_mib ?? Math.max(includedStorageMib(body.size), database.storageSizeMib),
    };
    refuseIfAny(...shapeProblems(database.engine, shape), ...shrinkProblems(database, shape));
    putDatabase(cloud.store, { ...database, pending: { status: "resizing", sinceMs: cloud.now(), shape } });
  },
});

const migrate = endpoint({
  method: "PUT",
  path: `${cluster}/migrate`,
  status: 202,
  body: z.strictObject({ region: z.string(), private_network_uuid: optionalText }),
  handle: ({ cloud, params, body }) => {
    const database = requireOnline(cloud, params.database_cluster_uuid);
    refuseIfAny(
      databaseRegionProblem(body.region),
      body.region === database.region ? `region: ${database.name} is in ${body.region} already` : undefined,
    );
    const vpc = requireVpc(cloud, body.region, body.private_network_uuid, "private_network_uuid");
    const shape = { region: body.region, vpcUuid: vpc.id };
    putDatabase(cloud.store, { ...database, pending: { status: "migrating", sinceMs: cloud.now(), shape } });
  },
});

const maintain = endpoint({
  method: "PUT",
  path: `${cluster}/maintenance`,
  status: 204,
  body: z.strictObject({
    day: z.string().toLowerCase().pipe(z.enum(weekdays)),
    hour: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/, "is not a time such as 14:00"),
  }),
  handle: ({ cloud, params, body }) => change(cloud, params.database_cluster_uuid, { maintenance: body }),
});

const installUpdate = endpoint({
  method: "PUT",
  path: `${cluster}/install_update`,
  status: 204,
  handle: ({ cloud, params }) => {
    requireOnline(cloud, params.database_cluster_uuid);
  },
});

export const databaseUpgrade = endpoint({
  method: "PUT",
  path: `${cluster}/upgrade`,
  status: 204,
  body: z.strictObject({ version: z.string() }),
  handle: ({ cloud, params, body }) => {
    const database = requireOnline(cloud, params.database_cluster_uuid);
    const versions = offeredVersions(cloud, database.engine);
    const newer = versions.slice(versions.indexOf(database.version) + 1);
    if (!newer.includes(body.version)) {
      throw unprocessable(
        `version: ${database.name} can be upgraded to ${newer.join(", ") || "no newer version"}, not to ${body.version}`,
      );
    }
    const { version } = body;
    putDatabase(cloud.store, { ...database, upgrade: { version, sinceMs: cloud.now() } });
    // Answered before it is done, as the service does.
    void provision(cloud, database.id);
  },
});

const readAutoscale = endpoint({
  method: "GET",
  path: `${cluster}/autoscale`,
  handle: ({ cloud, params }) => ({
    autoscale: { storage: requireDatabase(cloud, params.database_cluster_uuid).autoscale },
  }),
});

const replaceAutoscale = endpoint({
  method: "PUT",
  path: `${cluster}/autoscale`,
  status: 204,
  body: z.strictObject({ storage: optional(autoscaleBody) }),
  handle: ({ cloud, params, body }) =>
    change(cloud, params.database_cluster_uuid, { autoscale: body.storage ?? { enabled: false } }),
});

const readSettings = endpoint({
  method: "GET",
  path: `${cluster}/do_settings`,
  handle: ({ cloud, params }) => ({
    do_settings: { service_cnames: requireDatabase(cloud, params.database_cluster_uuid).serviceCnames },
  }),
});

const replaceSettings = endpoint({
  method: "PUT",
  path: `${cluster}/do_settings`,
  status: 204,
  body: z.strictObject({ do_settings: settingsBody }),
  handle: ({ cloud, params, body }) =>
    change(cloud, params.database_cluster_uuid, { serviceCnames: body.do_settings.service_cnames }),
});

const events = endpoint({
  method: "GET",
  path: `${cluster}/events`,
  handle: ({ cloud, params, page }) => {
    const { id, name, createdAt } = requireDatabase(cloud, params.database_cluster_uuid);
    return page("events", [
      { id: id.slice(0, 8), cluster_name: name, event_type: "cluster_create", create_time: createdAt },
    ]);
  },
});

function change(cloud: Cloud, id: string, changes: Partial<DatabaseDocument>): void {
  putDatabase(cloud.store, { ...requireDatabase(cloud, id), ...changes });
}

export const databaseClusters = [
  list,
  create,
  read,
  remove,
  resize,
  migrate,
  maintain,
  installUpdate,
  databaseUpgrade,
  readAutoscale,
  replaceAutoscale,
  readSettings,
  replaceSettings,
  events,
];
