import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { expect, it, vi } from "vitest";
import { SandboxClient } from "../../../sandbox/daemon/client.ts";
import { stopSandbox } from "../../../sandbox/daemon/lifecycle.ts";
import { type Database, storeSandbox } from "./store-sandbox.ts";

const sandbox = storeSandbox();
const shown = async (id: string) => (await sandbox.call<{ database: Database }>("GET", `/${id}`)).database;
const reported = async () => (await new SandboxClient(sandbox.record).status()).stores;

it("leaves a cluster creating whose server cannot start, says why, and goes on once it can", async () => {
  const { stores } = sandbox.home;
  rmSync(stores, { recursive: true });
  writeFileSync(stores, "no folder");
  const { database } = await sandbox.call<{ database: Database }>("POST", "", {
    ...{ name: "cannot-start", engine: "pg", version: "18" },
    ...{ num_nodes: 1, size: "db-s-1vcpu-1gb", region: "fra1" },
  });
  await vi.waitFor(
    async () =>
      expect(await reported()).toMatchObject([
        { name: "cannot-start", status: "error", message: expect.stringContaining("ENOTDIR") },
      ]),
    { timeout: 60_000 },
  );
  expect((await shown(database.id)).status).toBe("creating");

  await stopSandbox(sandbox.home);
  rmSync(stores);
  mkdirSync(stores, { mode: 0o700 });
  await sandbox.start();
  await vi.waitFor(async () => expect((await shown(database.id)).status).toBe("online"), { timeout: 60_000 });
  expect(await reported()).toMatchObject([{ status: "running" }]);
});
