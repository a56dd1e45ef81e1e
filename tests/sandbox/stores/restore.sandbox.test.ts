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

  const again = await restore("found-again", "found");
  expect(await lines(again)).toEqual([{ line: "after" }]);
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
