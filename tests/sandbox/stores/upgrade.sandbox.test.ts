import { beforeAll, expect, it, vi } from "vitest";
import { SandboxClient } from "../../../sandbox/daemon/client.ts";
import { waitUntilGone } from "../../../sandbox/daemon/process.ts";
import { type Connection, type Database, sql, storeSandbox } from "./store-sandbox.ts";

const sandbox = storeSandbox();
const cluster = { engine: "pg", version: "17", num_nodes: 1, size: "db-s-1vcpu-1gb", region: "fra1" };

interface Shown extends Database {
  readonly version: string;
}

const read = async (id: string) => (await sandbox.call<{ database: Shown }>("GET", `/${id}`)).database;
const upgrade = (id: string) => sandbox.call("PUT", `/${id}/upgrade`, { version: "18" });
const untilOnline = (id: string) =>
  vi.waitFor(async () => expect(await read(id)).toMatchObject({ status: "online" }), { timeout: 120_000 });
const major = async (connection: Connection, authority: string) => {
  const [row] = await sql(
    connection,
    authority,
    "SELECT current_setting('server_version_num')::int / 10000 AS is",
  );
  return row?.is;
};

/** What `sandbox status` says of a cluster beside its status. */
const said = async (id: string) =>
  (await new SandboxClient(sandbox.record).status()).stores.find((store) => store.id === id)?.message;

let database: Database;
let authority: string;
const inside = (query: string, change: Partial<Connection> = {}) =>
  sql({ ...database.connection, database: "whisper", ...change }, authority, query);
let app: Partial<Connection>;

/** Something of each kind that a database may hold. */
const contents = `
  CREATE EXTENSION pg_stat_statements;
  CREATE EXTENSION pg_trgm;
  CREATE TYPE state AS ENUM ('queued', 'done');
  CREATE TABLE jobs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CHECK (name <> ''),
    state state NOT NULL DEFAULT 'queued',
    words int GENERATED ALWAYS AS (array_length(string_to_array(name, ' '), 1)) STORED,
    "Odd, column" bytea,
    at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE parts (job bigint NOT NULL REFERENCES jobs ON DELETE CASCADE, no int) PARTITION BY RANGE (no);
  CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (100);
  CREATE TABLE "parts high" PARTITION OF parts FOR VALUES FROM (100) TO (200);
  CREATE SEQUENCE unused START 7;
  CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := upper(NEW.name); RETURN NEW; END $$;
  INSERT INTO jobs (name, "Odd, column") SELECT 'job ' || n || E' \\\\ \\n\\t', '\\x00ff5c' FROM generate_series(1, 5000) AS n;
  INSERT INTO parts SELECT id, id % 200 FROM jobs;
  CREATE TRIGGER shout BEFORE INSERT ON jobs FOR EACH ROW EXECUTE FUNCTION shout();
  CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS jobs FROM jobs;
  CREATE INDEX ON jobs (at);
  CREATE INDEX ON jobs USING gin (name gin_trgm_ops);
  SELECT lo_from_bytea(4242, '\\xdeadbeef');
  CREATE ROLE readers;
  GRANT readers TO app;
  GRANT SELECT ON jobs, counted TO readers;
  ALTER ROLE app SET search_path = public, pg_catalog;
  ALTER DATABASE whisper SET work_mem = '5MB';
  COMMENT ON TABLE jobs IS 'kept';`;

const everything = `
  SELECT md5(string_agg(j::text, '|' ORDER BY id)) AS jobs, (SELECT md5(string_agg(p::text, '|' ORDER BY job)) FROM parts p) AS parts,
    (SELECT jobs FROM counted) AS counted, lo_get(4242) AS large, obj_description('jobs'::regclass) AS comment,
    (SELECT last_value FROM unused) AS unused, current_setting('work_mem') AS work_mem
  FROM jobs j`;

beforeAll(async () => {
  database = await sandbox.online({ ...cluster, name: "aged" });
  authority = await sandbox.authority(database.id);
  const path = `/${database.id}`;
  await sandbox.call("POST", `${path}/dbs`, { name: "whisper" });
  const { user } = await sandbox.call<{ user: { password: string } }>("POST", `${path}/users`, {
    name: "app",
  });
  app = { user: "app", password: user.password };
  await sandbox.call("POST", `${path}/pools`, {
    name: "pooled",
    mode: "transaction",
    size: 2,
    db: "whisper",
    user: "app",
  });
  await inside(contents);
}, 120_000);

it("offers the versions that can run, and runs the one that is asked for", async () => {
  const { options } = await sandbox.call<{ options: { pg: { versions: string[] } } }>("GET", "/options");
  expect(options.pg.versions).toEqual(["17", "18"]);
  expect(await major(database.connection, authority)).toBe(17);
});

it("upgrades in place: every row, user, password, grant, setting and pool is there, and a replica follows", async () => {
  const { replica } = await sandbox.call<{ replica: { connection: Connection } }>(
    "POST",
    `/${database.id}/replicas`,
    {
      name: "reader",
    },
  );
  expect(await major(replica.connection, authority)).toBe(17);
  const before = await inside(everything);
  await upgrade(database.id);
  expect(await read(database.id)).toMatchObject({ status: "migrating", version: "17" });
  await untilOnline(database.id);
  expect(await said(database.id)).toBeUndefined();
  expect(await read(database.id)).toMatchObject({ version: "18", connection: database.connection });
  expect(await major(database.connection, authority)).toBe(18);
  expect(await inside(everything)).toEqual(before);
  expect(await inside("SELECT count(*) > 0 AS some FROM pg_stat_statements")).toEqual([{ some: true }]);
  await expect(inside("DROP EXTENSION pg_stat_statements")).rejects.toThrow(/must be owner/);

  // As what follows from the first rows alone would not: constraints, identities, triggers, grants.
  await expect(inside("INSERT INTO jobs (name) VALUES ('')")).rejects.toThrow(/check constraint/);
  await expect(inside("INSERT INTO parts VALUES (9999999, 1)")).rejects.toThrow(/foreign key/);
  // The refused row has used up a number, as it does everywhere.
  expect(await inside("INSERT INTO jobs (name) VALUES ('new one') RETURNING id, name, words")).toEqual([
    { id: "5002", name: "NEW ONE", words: 2 },
  ]);
  expect(await inside("SELECT current_setting('search_path') AS path, count(*) FROM jobs", app)).toEqual([
    { path: "public, pg_catalog", count: "5001" },
  ]);
  await expect(inside("DELETE FROM jobs", app)).rejects.toThrow(/permission denied/);
  expect(await inside("SELECT count(*) FROM jobs", { ...app, database: "pooled", port: 25_061 })).toEqual([
    { count: "5001" },
  ]);
  await expect
    .poll(
      () =>
        sql({ ...replica.connection, database: "whisper" }, authority, "SELECT count(*) FROM jobs").catch(
          String,
        ),
      { timeout: 30_000 },
    )
    .toEqual([{ count: "5001" }]);
  expect(await major(replica.connection, authority)).toBe(18);
});

it("begins its backups anew: what is restored is as it is since", async () => {
  const { backups } = await sandbox.call<{ backups: { created_at: string }[] }>(
    "GET",
    `/${database.id}/backups`,
  );
  expect(backups).toHaveLength(1);
  const restored = await sandbox.online({
    ...{ ...cluster, version: "18", name: "restored" },
    backup_restore: { database_name: "aged" },
  });
  const [row] = await sql(
    { ...restored.connection, database: "whisper" },
    authority,
    "SELECT count(*) FROM jobs",
  );
  expect(row).toEqual({ count: "5001" });
});

it("goes on as what it was when it cannot be upgraded, and says why; killed in the middle, it goes on at the next start", async () => {
  const stuck = await sandbox.online({ ...cluster, name: "stuck" });
  await sql(
    stuck.connection,
    authority,
    "CREATE TABLE kept AS SELECT n FROM generate_series(1, 100000) AS n",
  );
  // Of a column that 18 has no more.
  await sql(stuck.connection, authority, "CREATE VIEW old AS SELECT wal_write FROM pg_stat_wal");
  await upgrade(stuck.id);
  await untilOnline(stuck.id);
  expect(await read(stuck.id)).toMatchObject({ version: "17" });
  expect(await major(stuck.connection, authority)).toBe(17);
  const why =
    /The upgrade to PostgreSQL 18 failed, and it goes on as 17: .*"defaultdb": column .*wal_write.* does not exist/;
  expect(await said(stuck.id)).toMatch(why);

  await sql(stuck.connection, authority, "DROP VIEW old");
  await upgrade(stuck.id);
  // As soon as there are two servers.
  await vi.waitFor(
    async () => {
      const servers = (await sandbox.processes()).map(({ argv }) => argv.join(" "));
      expect(servers.some((line) => line.includes(`${stuck.id}/upgraded.partial/data`))).toBe(true);
    },
    { timeout: 60_000, interval: 5 },
  );
  const { daemon } = sandbox.record;
  process.kill(daemon.pid, "SIGKILL");
  await waitUntilGone(daemon, 30_000);
  await sandbox.start();
  await untilOnline(stuck.id);
  expect(await said(stuck.id)).toBeUndefined();
  expect(await read(stuck.id)).toMatchObject({ version: "18" });
  expect(await major(stuck.connection, authority)).toBe(18);
  expect(await sql(stuck.connection, authority, "SELECT count(*) FROM kept")).toEqual([{ count: "100000" }]);
});
