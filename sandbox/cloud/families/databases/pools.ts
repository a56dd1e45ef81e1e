import { z } from "zod";
import type { Cloud } from "../../context.ts";
import { endpoint } from "../../endpoint.ts";
import { conflict, found, refuseIfAny } from "../../errors.ts";
import { optionalText } from "../../fields.ts";
import {
  type DatabaseDocument,
  type Pool,
  putDatabase,
  refuseEngine,
  requireDatabase,
  requireEngine,
} from "./model.ts";
import { presentPool } from "./present.ts";
import { findDatabaseSize } from "./sizes.ts";

const pools = "/v2/databases/{database_cluster_uuid}/pools";

const poolName = z
  .string()
  .regex(/^[a-zA-Z0-9_][a-zA-Z0-9_-]{0,62}$/, "has 1 to 63 letters, digits, underscores and hyphens");
const poolFields = {
  mode: z.enum(["session", "transaction", "statement"]),
  size: z.number().int().min(1),
  db: z.string().min(1),
  user: optionalText,
};

const list = endpoint({
  method: "GET",
  path: pools,
  handle: ({ cloud, params, page }) => {
    const database = requireDatabase(cloud, params.database_cluster_uuid);
    refuseEngine(database, "pg", "connection pools");
    return page(
      "pools",
      database.pools.map((pool) => presentPool(database, pool)),
    );
  },
});

const create = endpoint({
  method: "POST",
  path: pools,
  body: z.strictObject({ name: poolName, ...poolFields }),
  handle: ({ cloud, params, body }) => {
    const database = requireEngine(cloud, params.database_cluster_uuid, "pg", "connection pools");
    if (database.pools.some(({ name }) => name === body.name)) {
      throw conflict(`name: ${database.name} already has a connection pool named ${body.name}`);
    }
    refuseIfAny(...poolProblems(database, body));
    putDatabase(cloud.store, { ...database, pools: [...database.pools, body] });
    return { pool: presentPool(database, body) };
  },
});

const read = endpoint({
  method: "GET",
  path: `${pools}/{pool_name}`,
  handle: ({ cloud, params }) => {
    const { database, pool } = requirePool(cloud, params);
    return { pool: presentPool(database, pool) };
  },
});

const update = endpoint({
  method: "PUT",
  path: `${pools}/{pool_name}`,
  status: 204,
  body: z.strictObject(poolFields),
  handle: ({ cloud, params, body }) => {
    const { database, pool } = requirePool(cloud, params);
    const changed = { ...body, name: pool.name };
    refuseIfAny(...poolProblems(database, changed));
    const others = database.pools.map((each) => (each.name === pool.name ? changed : each));
    putDatabase(cloud.store, { ...database, pools: others });
  },
});

const remove = endpoint({
  method: "DELETE",
  path: `${pools}/{pool_name}`,
  handle: ({ cloud, params }) => {
    const { database, pool } = requirePool(cloud, params);
    putDatabase(cloud.store, { ...database, pools: database.pools.filter(({ name }) => name !== pool.name) });
  },
});

function poolProblems(database: DatabaseDocument, pool: Pool): (string | undefined)[] {
  const connections = findDatabaseSize(database.size)?.connections ?? 0;
  const taken = database.pools
    .filter(({ name }) => name !== pool.name)
    .reduce((sum, { size }) => sum + size, 0);
  return [
    // The pooler's own console is called so.
    pool.name === "pgbouncer" ? "name: pgbouncer is reserved" : undefined,
    database.dbs.includes(pool.db) ? undefined : `db: ${database.name} has no database named ${pool.db}`,
    pool.user === undefined || database.users.some(({ name }) => name === pool.user)
      ? undefined
      : `user: ${database.name} has no user named ${pool.user}`,
    taken + pool.size <= connections
      ? undefined
      : `size: ${database.name} has ${connections} connections for pools, ${connections - taken} of them left, not ${pool.size}`,
  ];
}

function requirePool(
  cloud: Cloud,
  params: { database_cluster_uuid: string; pool_name: string },
): { database: DatabaseDocument; pool: Pool } {
  const database = requireDatabase(cloud, params.database_cluster_uuid);
  return { database, pool: found(database.pools.find(({ name }) => name === params.pool_name)) };
}

export const databasePools = [list, create, read, update, remove];
