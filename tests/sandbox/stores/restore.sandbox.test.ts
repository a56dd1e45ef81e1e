import { beforeAll, expect, it } from "vitest";
import { type Connection, type Database, sql, storeSandbox } from "./store-sandbox.ts";

const sandbox = storeSandbox();
const cluster = {
  engine: "pg",
  version: "18",
  num_nodes: 1,
  size: "db-s-1vcpu-1gb",
  region: "fra1",
};
let origin: Database;
let authority: string;
const restore = (name: string, from: string, backup_created_at?: string) =>
  sandbox.online({ ...cluster, name, backup_restore: { database_name: from, backup_created_at } });
const lines = (of: Database, change: Partial<Connection> = {}) =>
  sql({ ...of.connection, ...change }, authority, "SELECT line FROM kept");

beforeAll(async () => {
  origin = await sandbox.online({ ...cluster, name: "lost" });
  authority = await sandbox.authority(origin.id);
});

it("begins with what its origin holds, and goes its own way from there", async () => {
  const { user } = await sandbox.call<{ user: Connection }>("POST", `/${origin.id}/users`, { name: "app" });
  await sql(origin.connection, authority, "CREATE TABLE kept AS SELECT 'before' AS line");
  await sql(origin.connection, authority, "GRANT SELECT ON kept TO app");

  const restored = await restore("found", "lost");
  expect(await lines(restored)).toEqual([{ line: "before" }]);
  expect(await lines(restored, { user: "app", password: user.password })).toEqual([{ line: "before" }]);
  await sql(restored.connection, authority, "UPDATE kept SET line = 'after'");
  expect(await lines(origin)).toEqual([{ line: "before" }]);
  await sandbox.call("DELETE", `/${origin.id}`);

  const { replica } = await sandbox.call<{ replica: Database }>("POST", `/${restored.id}/replicas`, {
    name: "follower",
  });
  expect(await lines(replica)).toEqual([{ line: "after" }]);

  const again = await restore("found-again", "found");
  expect(await lines(again)).toEqual([{ line: "after" }]);
});

it("begins as its origin was at any moment: with the rows, the databases and the users of then", async () => {
  const source = await sandbox.online({ ...cluster, name: "mistaken" });
  await sandbox.call("POST", `/${source.id}/dbs`, { name: "whisper" });
  const { user } = await sandbox.call<{ user: Connection }>("POST", `/${source.id}/users`, { name: "app" });
  const whisper = { database: "whisper" };
  await sql({ ...source.connection, ...whisper }, authority, "CREATE TABLE kept AS SELECT 'before' AS line");
  await sql({ ...source.connection, ...whisper }, authority, "GRANT SELECT ON kept TO app");
  // PostgreSQL compares its own commits' times; the moment has to be after the last and before the next.
  const [clock] = await sql(
    source.connection,
    authority,
    "SELECT to_char(clock_timestamp(), 'YYYY-MM-DD\"T\"HH24:MI:SS.MSOF:00') AS at FROM pg_sleep(0.01)",
  );
  await sql(source.connection, authority, "SELECT pg_sleep(0.01)");
  await sql({ ...source.connection, ...whisper }, authority, "UPDATE kept SET line = 'after'");
  await sandbox.call("POST", `/${source.id}/users/app/reset_auth`, {});
  await sandbox.call("DELETE", `/${source.id}/dbs/whisper`);

  const restored = await restore("as-it-was-then", "mistaken", String(clock?.at));
  const asApp = { ...whisper, user: "app", password: user.password };
  expect(await lines(restored, asApp)).toEqual([{ line: "before" }]);
  expect(await lines(await restore("latest", "mistaken")).catch(String)).toContain("does not exist");
});

it("begins with a backup as it was when it was made, not with what came after", async () => {
  const source = await sandbox.online({ ...cluster, name: "spoilt" });
  const { backups } = await sandbox.call<{ backups: { created_at: string }[] }>(
    "GET",
    `/${source.id}/backups`,
  );
  await sql(source.connection, authority, "CREATE TABLE kept AS SELECT 'spoilt' AS line");
  const restored = await restore("as-it-was", "spoilt", backups[0]?.created_at);
  await expect(lines(restored)).rejects.toThrow(/does not exist/);
  expect(await lines(source)).toEqual([{ line: "spoilt" }]);
});
