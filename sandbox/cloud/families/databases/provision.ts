import type { StoreSpec } from "../../../stores/runtime.ts";
import type { Cloud } from "../../context.ts";
import { databaseAuthority } from "./account.ts";
import { type DatabaseDocument, databaseCollection } from "./model.ts";
import { findDatabaseSize } from "./sizes.ts";

/**
 * Brings a cluster's server to what is stored, and resolves when it is there or cannot be. Does nothing for a cluster that
 * has no server, or that is gone.
 */
export async function provision(cloud: Cloud, id: string): Promise<void> {
  const database = databaseCollection(cloud.store).get(id);
  if (database?.place === undefined) return;
  try {
    // Its server is a copy of another, which has to run for that.
    if (database.origin !== undefined && cloud.stores.status(id) === "creating")
      await provision(cloud, database.origin.id);
    const authority = await databaseAuthority(cloud);
    // Read again: what was asked for while this waited is asked for now.
    const spec = specOf(databaseCollection(cloud.store).get(id), authority);
    if (spec !== undefined) await cloud.stores.apply(spec);
  } catch (error) {
    // The runtime remembers why, and the sandbox's status says so; the log has the whole of it.
    const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`Database cluster ${database.name}: ${cause}\n`);
  }
}

/** Takes up the servers of an earlier run. */
export function provisionAll(cloud: Cloud): void {
  for (const { id } of databaseCollection(cloud.store).list()) void provision(cloud, id);
}

function specOf(
  database: DatabaseDocument | undefined,
  authority: StoreSpec["authority"],
): StoreSpec | undefined {
  if (database?.place === undefined) return undefined;
  const { id, name, engine, origin, place, users, dbs, pools, rules, configuration, pending } = database;
  // A server is resized at once, and shown to be when its time has come.
  const size = findDatabaseSize(pending?.shape.size ?? database.size);
  return {
    id,
    name,
    engine,
    origin,
    place,
    authority,
    connections: size?.connections ?? 0,
    memoryMib: size?.memoryMib ?? 0,
    users: users.map(({ settings, ...user }) => ({
      name: user.name,
      role: user.role,
      password: user.password,
      mayReplicate: settings?.pg_allow_replication ?? user.role === "primary",
    })),
    databases: dbs,
    pools: pools.map(({ db, ...pool }) => ({ ...pool, database: db })),
    trustedSources: rules.map(({ type, value }) => ({ type, value })),
    configuration,
  };
}
