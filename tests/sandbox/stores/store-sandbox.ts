import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, vi } from "vitest";
import { resetSandbox, startSandbox } from "../../../sandbox/daemon/lifecycle.ts";
import type { RunningRecord } from "../../../sandbox/daemon/record.ts";
import { platformHome } from "../../../sandbox/home.ts";
import { listProcesses } from "../../../sandbox/processes/processes.ts";

/** How the API describes a connection. */
export interface Connection {
  readonly uri: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** A database cluster, as much of it as the tests look at. */
export interface Database {
  readonly id: string;
  readonly status: string;
  readonly connection: Connection;
  readonly private_connection: Connection;
}

/** The sandbox of a test file, in a home of its own. Ended after the file, and then nothing of it may be left. */
export function storeSandbox() {
  const home = platformHome({ PLATFORM_HOME: mkdtempSync(join(tmpdir(), "stores-test-")) });
  let record: RunningRecord;

  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await fetch(`http://127.0.0.1:${record.ports.api}/v2/databases${path}`, {
      method,
      headers: { authorization: `Bearer ${record.apiToken}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    expect(answer.status, `${method} ${path}: ${text}`).toBeLessThan(300);
    return JSON.parse(text === "" ? "null" : text);
  };
  const start = async () => {
    record = await startSandbox(home, { latencyMs: 0 });
  };
  /** Processes that run on the sandbox's stores. */
  const processes = async () =>
    (await listProcesses()).filter(({ argv }) => argv.some((word) => word.includes(`${home.stores}/`)));
  const read = async (id: string) => (await call<{ database: Database }>("GET", `/${id}`)).database;

  beforeAll(start);
  afterAll(async () => {
    await resetSandbox(home);
    expect(await processes()).toEqual([]);
    rmSync(home.root, { recursive: true, force: true });
  });

  return {
    home,
    get record() {
      return record;
    },
    start,
    processes,
    /** Asks the API for something below `/v2/databases`; it must succeed. */
    call,
    /** Creates a cluster, and waits until it is online. */
    online: async (body: object): Promise<Database> => {
      const { database } = await call<{ database: Database }>("POST", "", body);
      await vi.waitFor(async () => expect((await read(database.id)).status).toBe("online"), {
        timeout: 60_000,
      });
      return database;
    },
    /** PEM of the authority that the API hands out. */
    authority: async (id: string): Promise<string> => {
      const { ca } = await call<{ ca: { certificate: string } }>("GET", `/${id}/ca`);
      return Buffer.from(ca.certificate, "base64").toString();
    },
  };
}

/** Asks PostgreSQL one thing, as a client that verifies the server. */
export async function sql(
  { host, port, user, password, database }: Connection,
  authority: string,
  query: string,
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ host, port, user, password, database, ssl: { ca: authority } });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return (await client.query(query)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
