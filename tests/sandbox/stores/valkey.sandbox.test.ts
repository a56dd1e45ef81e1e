import { Valkey } from "iovalkey";
import { beforeAll, expect, it } from "vitest";
import { waitUntilGone } from "../../../sandbox/daemon/process.ts";
import { type Connection, type Database, storeSandbox } from "./store-sandbox.ts";

const sandbox = storeSandbox();
let database: Database;
let authority: string;
const path = () => `/${database.id}`;

/** A client that verifies the server, and comes once. */
function connect(change: Partial<Connection> = {}): Valkey {
  const { host, port, user, password } = { ...database.connection, ...change };
  return new Valkey({
    host,
    port,
    username: user,
    password,
    tls: { ca: authority },
    lazyConnect: true,
    retryStrategy: () => null,
    enableReadyCheck: false,
  });
}

/** Sends one command. */
async function ask(command: string, change: Partial<Connection> = {}): Promise<unknown> {
  const [name = "", ...args] = command.split(" ");
  const client = connect(change);
  let cause: unknown;
  client.on("error", (error: unknown) => {
    cause = error;
  });
  try {
    await client.connect();
    return await client.call(name, ...args);
  } catch (error) {
    throw cause ?? error;
  } finally {
    client.disconnect();
  }
}

beforeAll(async () => {
  database = await sandbox.online({
    name: "whisper-valkey",
    engine: "valkey",
    version: "8",
    num_nodes: 1,
    size: "db-s-1vcpu-1gb",
    region: "fra1",
  });
  authority = await sandbox.authority(database.id);
  await ask("SET kept before");
});

it("answers at the address, with the certificate and the password that the API tells", async () => {
  const { connection } = database;
  expect(connection.uri).toBe(`rediss://default:${connection.password}@${connection.host}:25061`);
  expect(await ask("PING")).toBe("PONG");
  await expect(ask("PING", { password: "guessed" })).rejects.toThrow(/WRONGPASS/);
});

it.each([
  "CONFIG GET maxmemory",
  "SAVE",
  "BGSAVE",
  "SYNC",
  "PSYNC ? -1",
  "DEBUG SLEEP 0",
  "SHUTDOWN NOSAVE",
  "REPLICAOF NO ONE",
  "MONITOR",
  "ACL LIST",
  "MODULE LIST",
])("refuses to its administrator: %s", async (command) => {
  await expect(ask(command)).rejects.toThrow(/NOPERM|not allowed/);
});

it("lets in users of the API as long as they exist, with their newest password", async () => {
  const { user } = await sandbox.call<{ user: { password: string } }>("POST", `${path()}/users`, {
    name: "app",
  });
  const asApp = { user: "app", password: user.password };
  expect(await ask("GET kept", asApp)).toBe("before");
  const reset = await sandbox.call<{ user: { password: string } }>(
    "POST",
    `${path()}/users/app/reset_auth`,
    {},
  );
  await expect(ask("PING", asApp)).rejects.toThrow(/WRONGPASS/);
  await ask("PING", { ...asApp, password: reset.user.password });
  await sandbox.call("DELETE", `${path()}/users/app`);
  await expect(ask("PING", { ...asApp, password: reset.user.password })).rejects.toThrow(/WRONGPASS/);
});

it("disturbs nobody with the users of others, whatever they are called", async () => {
  const make = (name: string) =>
    sandbox.call<{ user: { password: string } }>("POST", `${path()}/users`, { name });
  const { user } = await make("worker");
  const client = connect({ user: "worker", password: user.password });
  try {
    await client.connect();
    const id = await client.client("ID");
    const other = await make("sandbox");
    expect(await ask("PING", { user: "sandbox", password: other.user.password })).toBe("PONG");
    await sandbox.call("DELETE", `${path()}/users/sandbox`);
    expect(await client.client("ID")).toBe(id);
    const gone = new Promise((resolve) => client.once("end", resolve));
    await sandbox.call("DELETE", `${path()}/users/worker`);
    await gone;
  } finally {
    client.disconnect();
  }
});

it("evicts as the API says", async () => {
  await sandbox.call("PUT", `${path()}/eviction_policy`, { eviction_policy: "allkeys_lru" });
  const memory = await ask("INFO memory");
  expect(memory).toContain("maxmemory:1073741824\r\n");
  expect(memory).toContain("maxmemory_policy:allkeys-lru\r\n");
});

it("lets in whom the firewall trusts", async () => {
  const trust = (...values: string[]) =>
    sandbox.call("PUT", `${path()}/firewall`, { rules: values.map((value) => ({ type: "ip_addr", value })) });
  await trust("10.0.0.0/8");
  await expect(ask("PING")).rejects.toThrow();
  expect(await ask("PING", { host: database.private_connection.host })).toBe("PONG");
  await trust();
  expect(await ask("PING")).toBe("PONG");
});

it("keeps its data when its process is killed, and when the sandbox is", async () => {
  const [server] = await sandbox.processes();
  process.kill(server?.pid ?? Number.NaN, "SIGKILL");
  await expect.poll(() => ask("GET kept").catch(() => undefined), { timeout: 60_000 }).toBe("before");
  await ask("SET kept again");

  const { daemon } = sandbox.record;
  process.kill(daemon.pid, "SIGKILL");
  await waitUntilGone(daemon, 30_000);
  await expect.poll(sandbox.processes, { timeout: 30_000 }).toEqual([]);
  await sandbox.start();
  expect(await ask("GET kept")).toBe("again");
});
