/** What is in a server: roles and databases, made what the API says they are. */
import pg from "pg";
import type { StoreSpec, StoreUser } from "../runtime.ts";
import { type AsSuperuser, SERVICE_DATABASE } from "./superuser.ts";

const { escapeIdentifier, escapeLiteral } = pg;

/** The part of a specification that this file carries out. */
export type Contents = Pick<StoreSpec, "users" | "databases">;

/**
 * Makes roles and databases those wanted. What clients have made themselves stays; what is in `before` and not wanted any
 * more goes. May be done again after it broke off in the middle.
 */
export async function applyContents(
  asSuperuser: AsSuperuser,
  wanted: Contents,
  before: Contents,
): Promise<void> {
  const administrator = wanted.users.find(({ role }) => role === "primary")?.name;
  if (administrator === undefined)
    throw new Error("A database cluster without an administrator cannot be run.");
  await asSuperuser(SERVICE_DATABASE, async (client) => {
    await client.query(`REVOKE CONNECT ON DATABASE ${escapeIdentifier(SERVICE_DATABASE)} FROM PUBLIC`);
    const roles = await namesIn(client, "SELECT rolname AS name FROM pg_roles");
    for (const user of wanted.users) {
      const known = before.users.find(({ name }) => name === user.name);
      if (!roles.has(user.name)) await createRole(client, user, administrator);
      else if (known?.password !== user.password || known.mayReplicate !== user.mayReplicate) {
        await client.query(`ALTER ROLE ${escapeIdentifier(user.name)} ${attributes(user)}`);
      }
    }
    const databases = await namesIn(client, "SELECT datname AS name FROM pg_database");
    for (const name of wanted.databases.filter((name) => !databases.has(name))) {
      const options = `OWNER ${escapeIdentifier(administrator)}`;
      await client.query(`CREATE DATABASE ${escapeIdentifier(name)} ${options}`);
    }
    for (const name of before.databases.filter((name) => !wanted.databases.includes(name))) {
      await client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
    }
  });
  for (const { name } of before.users) {
    if (wanted.users.some((user) => user.name === name)) continue;
    await dropRole(asSuperuser, name, administrator);
  }
}

/** Neither superuser nor able to become one: what the managed service gives, and no more. */
async function createRole(client: pg.Client, user: StoreUser, administrator: string): Promise<void> {
  const name = escapeIdentifier(user.name);
  const grants =
    user.role === "primary"
      ? [`ALTER ROLE ${name} CREATEDB CREATEROLE BYPASSRLS`, `GRANT pg_monitor, pg_signal_backend TO ${name}`]
      : // Or the administrator could neither change nor grant what he sees as his users.
        [`GRANT ${name} TO ${escapeIdentifier(administrator)} WITH ADMIN TRUE, INHERIT FALSE`];
  // Sent together they are one transaction: a role without its grants would be taken for done.
  await client.query([`CREATE ROLE ${name} LOGIN ${attributes(user)}`, ...grants].join(";"));
}

function attributes({ password, mayReplicate }: StoreUser): string {
  return `${mayReplicate ? "REPLICATION" : "NOREPLICATION"} PASSWORD ${escapeLiteral(password)}`;
}

/** Ends the role's sessions and hands what it owns to the administrator, database by database. */
async function dropRole(asSuperuser: AsSuperuser, name: string, administrator: string): Promise<void> {
  const [role, heir] = [escapeIdentifier(name), escapeIdentifier(administrator)];
  const databases = await asSuperuser(SERVICE_DATABASE, async (client) => {
    if (!(await namesIn(client, "SELECT rolname AS name FROM pg_roles")).has(name)) return undefined;
    await client.query(`ALTER ROLE ${role} NOLOGIN`);
    await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", [name]);
    return namesIn(client, "SELECT datname AS name FROM pg_database WHERE datallowconn");
  });
  if (databases === undefined) return;
  for (const database of databases) {
    await asSuperuser(database, async (client) => {
      await client.query(`REASSIGN OWNED BY ${role} TO ${heir}`);
      await client.query(`DROP OWNED BY ${role}`);
    });
  }
  await asSuperuser(SERVICE_DATABASE, (client) => client.query(`DROP ROLE IF EXISTS ${role}`));
}

async function namesIn(client: pg.Client, query: string): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(query);
  return new Set(rows.map(({ name }) => name));
}
