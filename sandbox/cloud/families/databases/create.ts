import { randomBytes, randomUUID } from "node:crypto";
import { z } from "zod";
import type { StorePlace } from "../../../stores/runtime.ts";
import type { Cloud } from "../../context.ts";
import { refuseIfAny } from "../../errors.ts";
import { optional, optionalText, tagList } from "../../fields.ts";
import { assignToProject, projectProblem } from "../projects.ts";
import { ensureTags } from "../tags.ts";
import { requireVpc } from "../vpcs.ts";
import { backupsOf } from "./backups.ts";
import { firewallBody, toRules } from "./firewall.ts";
import {
  contentsAt,
  type DatabaseDocument,
  type DatabaseUser,
  type EngineSlug,
  listDatabases,
  putDatabase,
} from "./model.ts";
import { administratorName, defaultDatabases, urnOf } from "./present.ts";
import { provision } from "./provision.ts";
import {
  databaseRegionProblem,
  engineProblem,
  findEngine,
  includedStorageMib,
  shapeProblems,
} from "./sizes.ts";

export const clusterName = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{1,61}[a-z0-9]$/,
    "has 3 to 63 lower-case letters, digits and hyphens, a letter first",
  );

/** Zero is what Go clients send for "not said". */
export const storageSize = z
  .number()
  .int()
  .min(0)
  .nullish()
  .transform((mib) => mib || undefined);

export const autoscaleBody = z.strictObject({
  enabled: z.boolean(),
  threshold_percent: optional(z.number().int().min(15).max(95)),
  increment_gib: optional(z.number().int().min(10).max(500)),
});

export const settingsBody = z.strictObject({
  service_cnames: z
    .array(
      z.string().regex(/^([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?\.)+[a-zA-Z0-9-]+$/, "is not a host name"),
    )
    .max(16)
    .nullish()
    .transform((names) => names ?? []),
});

export const createBody = z.strictObject({
  name: clusterName,
  engine: z.string(),
  version: optionalText,
  num_nodes: z.number().int().min(1),
  size: z.string(),
  region: z.string(),
  private_network_uuid: optionalText,
  tags: tagList,
  project_id: optionalText,
  storage_size_mib: storageSize,
  storage_autoscale: optional(autoscaleBody),
  autoscale: optional(z.strictObject({ storage: autoscaleBody.optional() })),
  rules: firewallBody,
  backup_restore: optional(
    z.strictObject({ database_name: z.string().min(1), backup_created_at: optionalText }),
  ),
  do_settings: optional(settingsBody),
});

type CreateRequest = z.output<typeof createBody>;

/** Makes a cluster: `creating`, then `online`. @throws ApiError 422 naming everything that is wrong */
export async function createDatabase(cloud: Cloud, body: CreateRequest): Promise<DatabaseDocument> {
  const engine = findEngine(body.engine);
  const storageSizeMib = body.storage_size_mib ?? includedStorageMib(body.size);
  refuseIfAny(
    nameProblem(cloud, body.name),
    engineProblem(cloud, body.engine, body.version),
    databaseRegionProblem(body.region),
    ...(engine === undefined
      ? []
      : shapeProblems(engine.slug, { size: body.size, numNodes: body.num_nodes, storageSizeMib })),
    restoreProblem(cloud, body),
    projectProblem(cloud, body.project_id),
  );
  const source = sourceOf(cloud, body);
  const slug: EngineSlug = engine?.slug ?? "pg";
  const place = await placeOf(cloud, slug);
  // Another request may have made one of that name in the meantime.
  refuseIfAny(nameProblem(cloud, body.name));
  const database: DatabaseDocument = {
    id: randomUUID(),
    name: body.name,
    engine: slug,
    version: body.version ?? source?.version ?? engine?.defaultVersion ?? "",
    size: body.size,
    numNodes: body.num_nodes,
    storageSizeMib,
    region: body.region,
    vpcUuid: requireVpc(cloud, body.region, body.private_network_uuid, "private_network_uuid").id,
    tags: body.tags,
    createdAt: cloud.timestamp(),
    createdMs: cloud.now(),
    restored: source !== undefined,
    origin: source?.place && {
      id: source.id,
      place: source.place,
      at: body.backup_restore?.backup_created_at,
    },
    ...(source === undefined
      ? { users: [newUser(administratorName(slug), "primary")], dbs: defaultDatabases(slug) }
      : contentsAt(source, momentOf(cloud, body))),
    pools: [],
    replicas: [],
    rules: toRules(cloud, body.rules, []),
    sinks: [],
    configuration: source?.configuration ?? {},
    maintenance: { day: "monday", hour: "03:00:00" },
    autoscale: body.storage_autoscale ?? body.autoscale?.storage ?? { enabled: false },
    serviceCnames: body.do_settings?.service_cnames ?? [],
    place,
  };
  ensureTags(cloud, database.tags);
  putDatabase(cloud.store, database);
  assignToProject(cloud, urnOf(database), body.project_id);
  void provision(cloud, database.id);
  return database;
}

/** Where the server of a new cluster will be; nowhere when there can be none. */
async function placeOf(cloud: Cloud, engine: EngineSlug): Promise<StorePlace | undefined> {
  return "versions" in cloud.stores.offer(engine) ? await cloud.stores.choosePlace() : undefined;
}

export function newUser(name: string, role: DatabaseUser["role"]): DatabaseUser {
  return { name, role, password: newPassword() };
}

/** A password as the managed databases have it. */
export function newPassword(): string {
  return `AVNS_${randomBytes(14).toString("base64url").slice(0, 19)}`;
}

function nameProblem(cloud: Cloud, name: string): string | undefined {
  return listDatabases(cloud).some((database) => database.name === name)
    ? `name: a database cluster named ${name} already exists in this account`
    : undefined;
}

function sourceOf(cloud: Cloud, body: CreateRequest): DatabaseDocument | undefined {
  return listDatabases(cloud).find(({ name }) => name === body.backup_restore?.database_name);
}

function restoreProblem(cloud: Cloud, body: CreateRequest): string | undefined {
  const restore = body.backup_restore;
  if (restore === undefined) return undefined;
  const source = sourceOf(cloud, body);
  if (source === undefined)
    return `backup_restore: there is no database cluster named ${restore.database_name}`;
  if (source.engine !== body.engine) return `backup_restore: ${source.name} is of engine ${source.engine}`;
  if (body.version !== undefined && body.version !== source.version)
    return `version: ${source.name} is ${source.version}, and so is what is restored from it, not ${body.version}`;
  if (source.upgrade !== undefined) return `backup_restore: ${source.name} is being upgraded`;
  const oldest = backupsOf(cloud, source).at(-1);
  if (oldest === undefined) return `backup_restore: ${source.name} has no backups`;
  const wantedMs = momentOf(cloud, body);
  if (wantedMs >= Date.parse(oldest) && wantedMs <= cloud.now()) return undefined;
  return `backup_restore.backup_created_at: ${source.name} can be restored to any moment from ${oldest} until now, not to ${restore.backup_created_at}`;
}

/** The moment at which a cluster begins as its source was. */
function momentOf(cloud: Cloud, { backup_restore: restore }: CreateRequest): number {
  return restore?.backup_created_at === undefined ? cloud.now() : Date.parse(restore.backup_created_at);
}
