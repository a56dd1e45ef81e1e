import { type StorePlace, type StoreSpec, UpgradeFailed } from "../../../stores/runtime.ts";
import type { Cloud } from "../../context.ts";
import { databaseAuthority, metricsAccess } from "./account.ts";
import { type DatabaseDocument, databaseCollection, putDatabase, type Replica, upgraded } from "./model.ts";
import { findDatabaseSize } from "./sizes.ts";

/** What a server is for: a cluster's primary, or one of its replicas. */
interface Served {
  readonly database: DatabaseDocument;
  readonly replica?: Replica;
}

/**
 * Brings the servers of a cluster, or that of a replica, to what is stored, and resolves when they are there or cannot be.
 * Does nothing for what has no server, or is gone.
 */
export async function provision(cloud: Cloud, id: string): Promise<void> {
  const served = servedBy(cloud, id);
  if (served?.database.place === undefined) return;
  const { database, replica } = served;
  try {
    // Its server is a copy of another, which has to run for that.
    if (replica === undefined && database.origin !== undefined && !cloud.stores.isMade(id))
      await provision(cloud, database.origin.id);
    const authority = await databaseAuthority(cloud);
    // Read again: what was asked for while this waited is asked for now.
    const spec = specOf(servedBy(cloud, id), { authority, metricsAccess: metricsAccess(cloud) });
    if (spec !== undefined) await cloud.stores.apply(spec);
    if (spec?.id === database.id) endUpgrade(cloud, id, spec.version);
  } catch (error) {
    if (error instanceof UpgradeFailed) endUpgrade(cloud, id, undefined);
    // The runtime remembers why, and the sandbox's status says so; the log has the whole of it.
    const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`Database cluster ${(replica ?? database).name}: ${cause}\n`);
  }
  if (replica === undefined) for (const each of database.replicas) await provision(cloud, each.id);
}

/** Writes down that a cluster's upgrade has come to its end: as that version, or as none. */
function endUpgrade(cloud: Cloud, id: string, version: string | undefined): void {
  const database = databaseCollection(cloud.store).get(id);
  if (database?.upgrade === undefined) return;
  if (version === undefined) putDatabase(cloud.store, { ...database, upgrade: undefined });
  else if (version === database.upgrade.version)
    putDatabase(cloud.store, upgraded(database, version, cloud.now()));
}

/** {@link provision}, of all clusters: what servers of an earlier run were, and what has changed for all of them. */
export async function provisionAll(cloud: Cloud): Promise<void> {
  await Promise.all(
    databaseCollection(cloud.store)
      .list()
      .map(({ id }) => provision(cloud, id)),
  );
}

function servedBy(cloud: Cloud, id: string): Served | undefined {
  const databases = databaseCollection(cloud.store);
  const database = databases.get(id);
  if (database !== undefined) return { database };
  for (const primary of databases.list()) {
    const replica = primary.replicas.find((each) => each.id === id);
    if (replica !== undefined) return { database: primary, replica };
  }
  return undefined;
}

/** What all the account's servers have in common. */
type OfAccount = Pick<StoreSpec, "authority" | "metricsAccess">;

function specOf(served: Served | undefined, ofAccount: OfAccount): StoreSpec | undefined {
  if (served?.database.place === undefined) return undefined;
  const spec = primarySpec(served.database, served.database.place, ofAccount);
  if (served.replica === undefined) return spec;
  const { id, name, size, storageSizeMib, place, rules } = served.replica;
  if (place === undefined) return undefined;
  const { place: primaryPlace, id: primaryId } = spec;
  return {
    ...spec,
    ...{ id, name, place, trustedSources: sourcesOf(rules), origin: undefined, pools: [] },
    ...limitsOf(size, storageSizeMib),
    primary: { id: primaryId, place: primaryPlace },
  };
}

type Limits = Pick<StoreSpec, "connections" | "vcpus" | "memoryMib" | "diskMib">;

const limitsOf = (slug: string, diskMib: number): Limits => {
  const { connections = 0, vcpus = 1, memoryMib = 0 } = findDatabaseSize(slug) ?? {};
  return { connections, vcpus, memoryMib, diskMib };
};

const sourcesOf = (rules: DatabaseDocument["rules"]): StoreSpec["trustedSources"] =>
  rules.map(({ type, value }) => ({ type, value }));

function primarySpec(database: DatabaseDocument, place: StorePlace, ofAccount: OfAccount): StoreSpec {
  const { id, name, engine, origin, users, dbs, pools, rules, configuration, pending, upgrade } = database;
  // A server is resized at once, and shown to be when its time has come.
  const { size, storageSizeMib } = { ...database, ...pending?.shape };
  return {
    id,
    name,
    engine,
    version: upgrade?.version ?? database.version,
    origin,
    place,
    ...ofAccount,
    ...limitsOf(size, storageSizeMib),
    users: users.map(({ settings, ...user }) => ({
      name: user.name,
      role: user.role,
      password: user.password,
      mayReplicate: settings?.pg_allow_replication ?? user.role === "primary",
    })),
    databases: dbs,
    pools: pools.map(({ db, ...pool }) => ({ ...pool, database: db })),
    trustedSources: sourcesOf(rules),
    configuration,
  };
}
