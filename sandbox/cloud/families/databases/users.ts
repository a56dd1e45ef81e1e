import { z } from "zod";
import { reservedPostgresNames } from "../../../../catalog/engines.ts";
import type { Cloud } from "../../context.ts";
import { endpoint } from "../../endpoint.ts";
import { conflict, forbidden, found, unprocessable } from "../../errors.ts";
import { optional } from "../../fields.ts";
import { newPassword, newUser } from "./create.ts";
import {
  type DatabaseDocument,
  type DatabaseUser,
  putContents,
  requireDatabase,
  requireOnline,
} from "./model.ts";
import { presentUser } from "./present.ts";

const users = "/v2/databases/{database_cluster_uuid}/users";

const userName = z
  .string()
  .regex(
    /^[a-zA-Z_][a-zA-Z0-9_-]{0,62}$/,
    "has 1 to 63 letters, digits, underscores and hyphens, no digit first",
  );
const settings = optional(z.strictObject({ pg_allow_replication: optional(z.boolean()) }));

const list = endpoint({
  method: "GET",
  path: users,
  handle: ({ cloud, params, page }) =>
    page("users", requireDatabase(cloud, params.database_cluster_uuid).users.map(presentUser)),
});

const create = endpoint({
  method: "POST",
  path: users,
  body: z.strictObject({ name: userName, settings, readonly: optional(z.boolean()) }),
  handle: ({ cloud, params, body }) => {
    const database = requireOnline(cloud, params.database_cluster_uuid);
    if (database.users.some(({ name }) => name === body.name)) {
      throw conflict(`name: ${database.name} already has a user named ${body.name}`);
    }
    if (database.engine === "pg" && reservedPostgresNames.user.test(body.name))
      throw unprocessable(`name: ${body.name} is reserved`);
    const user = { ...newUser(body.name, "normal"), settings: body.settings };
    refuseSettings(database, user);
    putContents(cloud, database, { users: [...database.users, user] });
    return { user: presentUser(user) };
  },
});

const read = endpoint({
  method: "GET",
  path: `${users}/{username}`,
  handle: ({ cloud, params }) => ({ user: presentUser(requireUser(cloud, params).user) }),
});

const update = endpoint({
  method: "PUT",
  path: `${users}/{username}`,
  status: 201,
  body: z.strictObject({ settings }),
  handle: ({ cloud, params, body }) => {
    const { database, user } = requireUser(cloud, params);
    return { user: replaceUser(cloud, database, { ...user, settings: body.settings }) };
  },
});

const remove = endpoint({
  method: "DELETE",
  path: `${users}/{username}`,
  handle: ({ cloud, params }) => {
    const { database, user } = requireUser(cloud, params);
    if (user.role === "primary")
      throw forbidden(`${user.name} is the cluster's own user and cannot be deleted`);
    const pool = database.pools.find((each) => each.user === user.name);
    if (pool !== undefined) throw conflict(`${user.name} is in use by the connection pool ${pool.name}`);
    putContents(cloud, database, { users: database.users.filter(({ name }) => name !== user.name) });
  },
});

const resetAuth = endpoint({
  method: "POST",
  path: `${users}/{username}/reset_auth`,
  status: 200,
  body: z.strictObject({ settings }).optional(),
  handle: ({ cloud, params }) => {
    const { database, user } = requireUser(cloud, params);
    return { user: replaceUser(cloud, database, { ...user, password: newPassword() }) };
  },
});

function replaceUser(cloud: Cloud, database: DatabaseDocument, user: DatabaseUser): object {
  refuseSettings(database, user);
  const replaced = database.users.map((each) => (each.name === user.name ? user : each));
  putContents(cloud, database, { users: replaced });
  return presentUser(user);
}

function refuseSettings(database: DatabaseDocument, user: DatabaseUser): void {
  if (user.settings?.pg_allow_replication !== undefined && database.engine !== "pg") {
    throw unprocessable(`settings.pg_allow_replication: ${database.name} is of engine ${database.engine}`);
  }
}

function requireUser(
  cloud: Cloud,
  params: { database_cluster_uuid: string; username: string },
): { database: DatabaseDocument; user: DatabaseUser } {
  const database = requireDatabase(cloud, params.database_cluster_uuid);
  return { database, user: found(database.users.find(({ name }) => name === params.username)) };
}

export const databaseUsers = [list, create, read, update, remove, resetAuth];
