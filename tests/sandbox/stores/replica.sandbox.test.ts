import { beforeAll, expect, it, vi } from "vitest";
import { stopSandbox } from "../../../sandbox/daemon/lifecycle.ts";
import { type Connection, type Database, sql, storeSandbox } from "./store-sandbox.ts";

const sandbox = storeSandbox();
const cluster = { engine: "pg", version: "18", num_nodes: 1, size: "db-s-1vcpu-1gb", region: "fra1" };

interface Replica {
  readonly id: string;
  readonly status: string;
  readonly connection: Connection;
  readonly private_connection: Connection;
}

let primary: Database;
let replica: Replica;
let authority: string;
const path = () => `/${primary.id}/replicas`;
const inPrimary = (query: string) => sql(primary.connection, authority, query);
const inReplica = (query: string, change: Partial<Connection> = {}) =>
  sql({ ...replica.connection, ...change }, authority, query);
const names = "SELECT name FROM jobs ORDER BY name";
/** The servers that run, by the folder that they run on. */
const servers = async () => (await sandbox.processes()).map(({ argv }) => argv.join(" "));
const runs = async (id: string) => (await servers()).some((line) => line.includes(id));

beforeAll(async () => {
  primary = await sandbox.online({ ...cluster, name: "origin" });
  authority = await sandbox.authority(primary.id);
  await inPrimary("CREATE TABLE jobs (name text)");
  await inPrimary("INSERT INTO jobs VALUES ('first')");
  const made = await sandbox.call<{ replica: Replica }>("POST", path(), { name: "reader" });
  replica = made.replica;
  await vi.waitFor(
    async () =>
      expect(await sandbox.call("GET", `${path()}/reader`)).toMatchObject({ replica: { status: "online" } }),
    { timeout: 30_000 },
  );
});

it("starts when its first client comes, and holds by then what its primary does", async () => {
  expect(await runs(replica.id)).toBe(false);
  const answers = await Promise.all([inReplica(names), inReplica(names)]);
  expect(answers).toEqual([[{ name: "first" }], [{ name: "first" }]]);
  expect(await runs(replica.id)).toBe(true);
});

it("follows its primary, roles included, and refuses to write", async () => {
  await inPrimary("INSERT INTO jobs VALUES ('second')");
  await expect.poll(() => inReplica(names)).toEqual([{ name: "first" }, { name: "second" }]);
  const { user } = await sandbox.call<{ user: { password: string } }>("POST", `/${primary.id}/users`, {
    name: "app",
  });
  const asApp = { user: "app", password: user.password };
  await expect
    .poll(() => inReplica("SELECT current_user AS me", asApp).catch(() => undefined))
    .toEqual([{ me: "app" }]);
  for (const write of ["INSERT INTO jobs VALUES ('mine')", "CREATE TABLE own (id int)", "DELETE FROM jobs"])
    await expect(inReplica(write)).rejects.toThrow(/read-only transaction/);
  await expect(inReplica("SELECT pg_promote()")).rejects.toThrow(/permission denied/);
});

it("tells nobody how it gets in at its primary", async () => {
  const [settings] = await inReplica("SELECT string_agg(setting, ' ') AS all FROM pg_settings");
  expect(settings?.all).toContain("passfile=");
  expect(settings?.all).not.toContain("password=");
});

it("lets in whom its own firewall trusts, whoever its primary's does", async () => {
  const trust = (...values: string[]) =>
    sandbox.call("PUT", `/${replica.id}/firewall`, {
      rules: values.map((value) => ({ type: "ip_addr", value })),
    });
  await trust("10.0.0.0/8");
  await expect(inReplica("SELECT 1")).rejects.toThrow(/ECONNRESET|terminated/);
  expect(await inReplica("SELECT 1 AS one", { host: replica.private_connection.host })).toEqual([{ one: 1 }]);
  await inPrimary("SELECT 1");
  await trust();
});

it("sleeps again after a restart of the sandbox, and catches up on what it missed", async () => {
  await stopSandbox(sandbox.home);
  await sandbox.start();
  await inPrimary("INSERT INTO jobs VALUES ('third')");
  expect(await runs(replica.id)).toBe(false);
  expect(await inReplica(names)).toEqual([{ name: "first" }, { name: "second" }, { name: "third" }]);
});

it("becomes a cluster of its own when it is promoted, with all that its primary held", async () => {
  await sandbox.call("PUT", `${path()}/reader/promote`);
  const { database } = await sandbox.call<{ database: Database }>("GET", `/${replica.id}`);
  expect(database).toMatchObject({ status: "online", connection: { host: replica.connection.host } });
  const inPromoted = (query: string) => sql(database.connection, authority, query);
  await inPromoted("INSERT INTO jobs VALUES ('its own')");
  expect(await inPromoted(names)).toHaveLength(4);
  expect(await inPrimary(names)).toHaveLength(3);
  // Of it, copies can be made too.
  const again = await sandbox.online({
    ...cluster,
    name: "copy",
    backup_restore: { database_name: "reader" },
  });
  expect(await sql(again.connection, authority, names)).toHaveLength(4);
});

it("can be promoted though it never had a client", async () => {
  const { replica: late } = await sandbox.call<{ replica: Replica }>("POST", path(), { name: "never-asked" });
  await sandbox.call("PUT", `${path()}/never-asked/promote`);
  const { database } = await sandbox.call<{ database: Database }>("GET", `/${late.id}`);
  expect(await sql(database.connection, authority, `${names} LIMIT 1`)).toEqual([{ name: "first" }]);
  await sql(database.connection, authority, "DELETE FROM jobs");
});

it("goes with its server and its files, alone or with its primary", async () => {
  const { replica: one } = await sandbox.call<{ replica: Replica }>("POST", path(), { name: "one" });
  const { replica: other } = await sandbox.call<{ replica: Replica }>("POST", path(), { name: "other" });
  for (const { connection } of [one, other]) await sql(connection, authority, names);
  await sandbox.call("DELETE", `${path()}/one`);
  expect(await runs(one.id)).toBe(false);
  await sandbox.call("DELETE", `/${primary.id}`);
  expect(await runs(other.id)).toBe(false);
  await expect(sql(other.connection, authority, names)).rejects.toThrow(/ECONNREFUSED/);
});
