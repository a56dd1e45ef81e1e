import { beforeAll, expect, it } from "vitest";
import { databaseGrants, rolesOf, tableGrants } from "../../../components/postgres/privileges.ts";
import { stopSandbox } from "../../../sandbox/daemon/lifecycle.ts";
import { waitUntilGone } from "../../../sandbox/daemon/process.ts";
import { addableExtensions } from "../../../toolchain/postgres.ts";
import { type Connection, type Database, sql, storeSandbox } from "./store-sandbox.ts";

const sandbox = storeSandbox();
let database: Database;
let authority: string;
/** As the cluster's administrator, in the application's database. */
const ask = (query: string, change: Partial<Connection> = {}) =>
  sql({ ...database.connection, database: "whisper", ...change }, authority, query);
const path = () => `/${database.id}`;

beforeAll(async () => {
  database = await sandbox.online({
    name: "whisper-postgres",
    engine: "pg",
    version: "18",
    num_nodes: 1,
    size: "db-s-1vcpu-1gb",
    region: "fra1",
  });
  authority = await sandbox.authority(database.id);
  await sandbox.call("POST", `${path()}/dbs`, { name: "whisper" });
  await ask("CREATE TABLE kept (line text)");
  await ask("INSERT INTO kept VALUES ('written before')");
});

it("answers at the address, with the certificate, the password and the version that the API tells", async () => {
  const { connection, private_connection: inside } = database;
  expect(connection.uri).toBe(
    `postgresql://doadmin:${connection.password}@${connection.host}:25060/defaultdb?sslmode=require`,
  );
  expect(await ask("SHOW server_version_num", { host: inside.host })).toEqual([
    { server_version_num: expect.stringMatching(/^18/) },
  ]);
  await expect(ask("SELECT 1", { password: "guessed" })).rejects.toThrow(/password authentication failed/);
});

it("lets in users of the API as long as they exist, with their newest password", async () => {
  const { user } = await sandbox.call<{ user: { password: string } }>("POST", `${path()}/users`, {
    name: "app",
  });
  const asApp = { user: "app", password: user.password };
  expect(await ask("SELECT current_user AS me", asApp)).toEqual([{ me: "app" }]);
  await ask("GRANT CREATE ON SCHEMA public TO app");
  await ask("CREATE TABLE of_app (line text)", asApp);

  const reset = await sandbox.call<{ user: { password: string } }>(
    "POST",
    `${path()}/users/app/reset_auth`,
    {},
  );
  await expect(ask("SELECT 1", asApp)).rejects.toThrow(/password authentication failed/);
  await ask("SELECT 1", { ...asApp, password: reset.user.password });

  await sandbox.call("DELETE", `${path()}/users/app`);
  await expect(ask("SELECT 1", { ...asApp, password: reset.user.password })).rejects.toThrow(
    /authentication/,
  );
  expect(await ask("SELECT tableowner FROM pg_tables WHERE tablename = 'of_app'")).toEqual([
    { tableowner: "doadmin" },
  ]);
});

it("drops a database that the API deletes, whoever is in it", async () => {
  await sandbox.call("POST", `${path()}/dbs`, { name: "gone" });
  await ask("SELECT 1", { database: "gone" });
  await sandbox.call("DELETE", `${path()}/dbs/gone`);
  await expect(ask("SELECT 1", { database: "gone" })).rejects.toThrow(/does not exist/);
});

it.each([
  "ALTER SYSTEM SET work_mem = '1GB'",
  "COPY kept TO PROGRAM 'cat'",
  "COPY kept TO '/tmp/stolen'",
  "SELECT pg_read_file('/etc/passwd')",
  "CREATE ROLE rival SUPERUSER",
  "ALTER ROLE postgres PASSWORD 'mine'",
  "CREATE EXTENSION file_fdw",
  "CREATE EXTENSION plperlu",
  "CREATE EXTENSION pageinspect",
  "CREATE EXTENSION dblink",
  "CHECKPOINT",
])("refuses to its administrator, who is no superuser: %s", async (statement) => {
  await expect(ask(statement)).rejects.toThrow(/permission denied|only roles with/i);
});

it("has the service's extensions added by its administrator, who becomes no superuser by that", async () => {
  for (const name of [...addableExtensions, "pgcrypto", "uuid-ossp", "pg_trgm", "btree_gist", "citext"]) {
    await ask(`CREATE EXTENSION "${name}"`);
  }
  await ask("SELECT 'remembered' AS word");
  await ask("ALTER ROLE doadmin SET application_name = 'not remembered'");
  // A statement that gives somebody a password would be there for whoever may monitor.
  expect(
    await ask("SELECT query FROM pg_stat_statements WHERE query ~ 'AS word$|^(ALTER|CREATE) ROLE'"),
  ).toEqual([{ query: "SELECT $1 AS word" }]);
  expect(await ask("SELECT dead_tuple_count FROM pgstattuple('kept')")).toEqual([{ dead_tuple_count: "0" }]);
  expect(await ask("SELECT count(*) > 0 AS some FROM pg_buffercache")).toEqual([{ some: true }]);
  await ask("CREATE INDEX of_words ON kept USING bloom (line)");
  // What a superuser alone may do with them stays his.
  await expect(ask("SELECT pg_stat_statements_reset()")).rejects.toThrow(/permission denied/);
  await expect(ask("SELECT pg_buffercache_evict_all()")).rejects.toThrow(/must be superuser/);
  await expect(
    ask(
      "CREATE OR REPLACE FUNCTION pg_stat_statements_reset(oid, oid, bigint, boolean) RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'",
    ),
  ).rejects.toThrow(/must be owner/);
  await expect(ask("ALTER EXTENSION pg_stat_statements DROP VIEW pg_stat_statements")).rejects.toThrow(
    /must be owner/,
  );
  expect(await ask("SELECT usesuper FROM pg_user WHERE usename = current_user")).toEqual([
    { usesuper: false },
  ]);
  for (const name of addableExtensions) await ask(`DROP EXTENSION ${name} CASCADE`);
});

it("refuses the service's own user and database, and whoever goes past the firewall", async () => {
  await expect(ask("SELECT 1", { user: "postgres" })).rejects.toThrow(/pg_hba.conf rejects/);
  await expect(ask("SELECT 1", { database: "postgres" })).rejects.toThrow(/permission denied for database/);
  const server = database.connection.host.replace(/\d+$/, "3");
  await expect(ask("SELECT 1", { host: server })).rejects.toThrow(/no pg_hba.conf entry/);
});

it("takes as many connections as the size has, and not one more", async () => {
  expect(
    await ask(
      "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS most",
    ),
  ).toEqual([{ most: 22 }]);
});

it("is configured through the API, with a restart where that needs one, and refuses what it cannot be", async () => {
  const configure = (config: object) => sandbox.call("PATCH", `${path()}/config`, { config });
  await configure({ work_mem: 7, log_min_duration_statement: 1_234 });
  expect(
    await ask("SELECT current_setting('work_mem') AS a, current_setting('log_min_duration_statement') AS b"),
  ).toEqual([{ a: "7MB", b: "1234ms" }]);
  await configure({ max_locks_per_transaction: 100 });
  expect(await ask("SHOW max_locks_per_transaction")).toEqual([{ max_locks_per_transaction: "100" }]);
  await configure({ timezone: "Nowhere/AtAll" });
  expect(await ask("SHOW work_mem")).toEqual([{ work_mem: "7MB" }]);
  await configure({ timezone: "Europe/Berlin" });
  expect(await ask("SHOW timezone")).toEqual([{ TimeZone: "Europe/Berlin" }]);
});

it("shares a pool's connections between its clients, as its mode says, and follows its changes", async () => {
  const { user } = await sandbox.call<{ user: { password: string } }>("POST", `${path()}/users`, {
    name: "pooled",
  });
  const pool = { name: "shared", mode: "transaction", size: 1, db: "whisper", user: "pooled" };
  const { pool: made } = await sandbox.call<{ pool: { connection: Connection } }>(
    "POST",
    `${path()}/pools`,
    pool,
  );
  const { connection } = made;
  expect(connection).toMatchObject({ port: 25_061, database: "shared", password: user.password });
  const inPool = (query: string, change: Partial<Connection> = {}) =>
    sql({ ...connection, ...change }, authority, query);
  const whoAndWhere = "SELECT current_user AS me, current_database() AS here, pg_backend_pid() AS server";
  const [first] = await inPool(whoAndWhere);
  expect(first).toMatchObject({ me: "pooled", here: "whisper" });
  expect(await inPool(whoAndWhere)).toEqual([first]);

  const { user: administrator, password } = database.connection;
  await expect(inPool("SELECT 1", { password: "guessed" })).rejects.toThrow(/authentication failed/);
  // In another's pool one would have his rights.
  await expect(inPool("SELECT 1", { user: administrator, password })).rejects.toThrow(/login rejected/);
  await expect(inPool("SELECT 1", { database: "pgbouncer" })).rejects.toThrow(/not allowed/);
  const past = connection.host.replace(/\d+$/, "3");
  await expect(inPool("SELECT 1", { host: past })).rejects.toThrow(/login rejected/);

  await sandbox.call("PUT", `${path()}/pools/shared`, {
    ...pool,
    name: undefined,
    mode: "statement",
    user: "",
  });
  await expect(inPool("BEGIN")).rejects.toThrow(/not allowed in statement pooling mode/);
  expect(await inPool(whoAndWhere, { user: administrator, password })).toMatchObject([{ me: administrator }]);
  await sandbox.call("POST", `${path()}/users/pooled/reset_auth`, {});
  await expect(inPool("SELECT 1")).rejects.toThrow(/authentication failed/);

  await sandbox.call("DELETE", `${path()}/pools/shared`);
  await expect(inPool("SELECT 1")).rejects.toThrow(/ECONNREFUSED/);
  expect((await sandbox.processes()).map(({ argv }) => argv[0])).toEqual([
    expect.stringMatching(/postgres$/),
  ]);
});

it("gives owner, application and reader of the platform's database their rights, and no more", async () => {
  const roles = rolesOf({ userName: "platform" });
  await sandbox.call("POST", `${path()}/dbs`, { name: "product" });
  const passwords = new Map<string, string>();
  for (const name of Object.values(roles)) {
    const { user } = await sandbox.call<{ user: Connection }>("POST", `${path()}/users`, { name });
    passwords.set(name, user.password);
  }
  const as = (role: keyof typeof roles) => (query: string) =>
    ask(query, { database: "product", user: roles[role], password: passwords.get(roles[role]) ?? "" });
  // Twice: it is run before every migration.
  for (const table of ["jobs", "users"]) {
    await ask(databaseGrants("product", roles, 45_000), { database: "product" });
    await as("owner")(tableGrants(roles));
    await as("owner")(`CREATE TABLE ${table} (id bigserial PRIMARY KEY, name text)`);
  }

  await as("application")("INSERT INTO jobs (name) VALUES ('first')");
  await as("application")("UPDATE jobs SET name = 'second'");
  expect(await as("reader")("SELECT name FROM jobs")).toEqual([{ name: "second" }]);
  await expect(as("reader")("DELETE FROM users")).rejects.toThrow(/permission denied for table users/);
  await expect(as("application")("ALTER TABLE jobs ADD COLUMN more text")).rejects.toThrow(/must be owner/);
  await expect(as("application")("CREATE TABLE own (id int)")).rejects.toThrow(/denied for schema public/);
  const timeout = "SELECT current_setting('statement_timeout') AS most";
  for (const role of ["application", "reader"] as const)
    expect(await as(role)(timeout)).toEqual([{ most: "45s" }]);
  expect(await as("owner")(timeout)).toEqual([{ most: "0" }]);
  await expect(as("application")("TRUNCATE jobs")).rejects.toThrow(/permission denied/);
  await expect(as("application")("CREATE TEMPORARY TABLE own (id int)")).rejects.toThrow(/permission denied/);
  // Whoever else has a user in the cluster does not even come in.
  const { user } = await sandbox.call<{ user: Connection }>("POST", `${path()}/users`, { name: "stranger" });
  const stranger = { database: "product", user: "stranger", password: user.password };
  await expect(ask("SELECT 1", stranger)).rejects.toThrow(/permission denied for database/);
});

it("lets in whom the firewall trusts, and everybody when it is empty", async () => {
  const trust = (...values: string[]) =>
    sandbox.call("PUT", `${path()}/firewall`, { rules: values.map((value) => ({ type: "ip_addr", value })) });
  const inside = { host: database.private_connection.host };
  await trust("203.0.113.7");
  await expect(ask("SELECT 1")).rejects.toThrow(/ECONNRESET|terminated/);
  await expect(ask("SELECT 1", inside)).rejects.toThrow(/ECONNRESET|terminated/);
  await trust("10.0.0.0/8");
  await expect(ask("SELECT 1")).rejects.toThrow(/ECONNRESET|terminated/);
  await ask("SELECT 1", inside);
  await trust("127.0.0.1");
  await ask("SELECT 1");
  await trust();
  await ask("SELECT 1", inside);
});

it("keeps its data when its process is killed, when the sandbox is stopped, and when that is killed", async () => {
  const postmaster = async () => (await sandbox.processes()).map(({ pid }) => pid);
  const [pid] = await postmaster();
  process.kill(pid ?? Number.NaN, "SIGKILL");
  await expect
    .poll(() => ask("SELECT line FROM kept").catch(() => undefined), { timeout: 60_000 })
    .toEqual([{ line: "written before" }]);

  await stopSandbox(sandbox.home);
  expect(await sandbox.processes()).toEqual([]);
  await sandbox.start();
  expect(await ask("SELECT line FROM kept")).toEqual([{ line: "written before" }]);

  const { daemon } = sandbox.record;
  process.kill(daemon.pid, "SIGKILL");
  await waitUntilGone(daemon, 30_000);
  await expect.poll(postmaster, { timeout: 30_000 }).toEqual([]);
  await sandbox.start();
  expect(await ask("SELECT line FROM kept")).toEqual([{ line: "written before" }]);
});

it("goes with its data when the cluster is deleted", async () => {
  await sandbox.call("DELETE", path());
  expect(await sandbox.processes()).toEqual([]);
  await expect(ask("SELECT 1")).rejects.toThrow(/ECONNREFUSED/);
});
