import { z } from "zod";
import { reservedPostgresNames } from "../../../../catalog/engines.ts";
import { endpoint } from "../../endpoint.ts";
import { conflict, found, unprocessable } from "../../errors.ts";
import { putContents, refuseEngine, requireDatabase, requireEngine } from "./model.ts";

const dbs = "/v2/databases/{database_cluster_uuid}/dbs";

const databaseName = z
  .string()
  .regex(
    /^[a-zA-Z_][a-zA-Z0-9_-]{0,62}$/,
    "has 1 to 63 letters, digits, underscores and hyphens, no digit first",
  );

const list = endpoint({
  method: "GET",
  path: dbs,
  handle: ({ cloud, params, page }) => {
    const database = requireDatabase(cloud, params.database_cluster_uuid);
    refuseEngine(database, "pg", "databases");
    return page(
      "dbs",
      database.dbs.map((name) => ({ name })),
    );
  },
});

const create = endpoint({
  method: "POST",
  path: dbs,
  body: z.strictObject({ name: databaseName }),
  handle: ({ cloud, params, body: { name } }) => {
    const database = requireEngine(cloud, params.database_cluster_uuid, "pg", "databases");
    if (database.dbs.includes(name))
      throw conflict(`name: ${database.name} already has a database named ${name}`);
    if (reservedPostgresNames.database.test(name)) throw unprocessable(`name: ${name} is reserved`);
    putContents(cloud, database, { dbs: [...database.dbs, name] });
    return { db: { name } };
  },
});

const read = endpoint({
  method: "GET",
  path: `${dbs}/{database_name}`,
  handle: ({ cloud, params }) => {
    const { dbs: names } = requireDatabase(cloud, params.database_cluster_uuid);
    return { db: { name: found(names.find((name) => name === params.database_name)) } };
  },
});

const remove = endpoint({
  method: "DELETE",
  path: `${dbs}/{database_name}`,
  handle: ({ cloud, params }) => {
    const database = requireDatabase(cloud, params.database_cluster_uuid);
    const name = found(database.dbs.find((each) => each === params.database_name));
    const pool = database.pools.find(({ db }) => db === name);
    if (pool !== undefined) throw conflict(`${name} is in use by the connection pool ${pool.name}`);
    putContents(cloud, database, { dbs: database.dbs.filter((each) => each !== name) });
  },
});

export const databaseDbs = [list, create, read, remove];
