import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SandboxClient } from "../../../sandbox/daemon/client.ts";
import { resetSandbox, startSandbox, stopSandbox } from "../../../sandbox/daemon/lifecycle.ts";
import { isAlive, waitUntilGone } from "../../../sandbox/daemon/process.ts";
import { type RunningRecord, readRecord, runningRecord } from "../../../sandbox/daemon/record.ts";
import { type PlatformHome, platformHome } from "../../../sandbox/home.ts";

let home: PlatformHome;

beforeEach(() => {
  home = platformHome({ PLATFORM_HOME: mkdtempSync(join(tmpdir(), "daemon-test-")) });
});

afterEach(async () => {
  await resetSandbox(home);
  rmSync(home.root, { recursive: true, force: true });
});

async function makeVpc({ ports, apiToken }: RunningRecord): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${ports.api}/v2/vpcs`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiToken}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "kept", region: "tor1", ip_range: "10.42.0.0/16" }),
  });
  expect(answer.status).toBe(201);
}

async function killDaemon({ daemon }: RunningRecord): Promise<void> {
  process.kill(daemon.pid, "SIGKILL");
  expect(await waitUntilGone(daemon, 60_000)).toBe(true);
}

function occupy(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

it("keeps ports, tokens and cloud when it is stopped, and when it is killed", async () => {
  const first = await startSandbox(home);
  // Above lie those that any program may be given while the sandbox is stopped.
  for (const port of Object.values(first.ports)) expect(port).toBeLessThan(32_768);
  await makeVpc(first);
  expect(statSync(home.sandboxRecord).mode & 0o777).toBe(0o600);

  expect(await stopSandbox(home)).toBe(true);
  expect(isAlive(first.daemon)).toBe(false);
  expect(readRecord(home.sandboxRecord)?.daemon).toBeUndefined();
  expect(await stopSandbox(home)).toBe(false);

  const second = await startSandbox(home);
  expect({ ...second, daemon: first.daemon }).toEqual(first);
  await killDaemon(second);
  expect(runningRecord(home.sandboxRecord)).toBeUndefined();

  const third = await startSandbox(home);
  expect({ ...third, daemon: first.daemon }).toEqual(first);
  expect((await new SandboxClient(third).inventory()).vpcs?.map(({ name }) => name)).toEqual(["kept"]);
});

it("is one daemon, however many start it at once", async () => {
  const records = await Promise.all([startSandbox(home), startSandbox(home), startSandbox(home)]);
  expect(new Set(records.map(({ daemon }) => daemon.pid)).size).toBe(1);
});

it("runs with what it was told, keeps it, and refuses to be two things at once", async () => {
  const running = await startSandbox(home, { latencyMs: 0 });
  expect(running.latencyMs).toBe(0);
  await expect(startSandbox(home, { latencyMs: 500 })).rejects.toThrow(
    /runs already .* latency of 0 ms, not 500/,
  );
  await stopSandbox(home);
  expect((await startSandbox(home)).latencyMs).toBe(0);
});

it("says who has taken its port, and what to do, and leaves nothing running", async () => {
  const { ports } = await startSandbox(home);
  await stopSandbox(home);
  const intruder = await occupy(ports.api);
  try {
    await expect(startSandbox(home)).rejects.toMatchObject({
      usage: true,
      message: expect.stringMatching(new RegExp(`Port ${ports.api} .*process ${process.pid}[^]*--port`)),
    });
    expect(runningRecord(home.sandboxRecord)).toBeUndefined();
  } finally {
    await new Promise((resolve) => intruder.close(resolve));
  }
  expect((await startSandbox(home)).ports).toEqual(ports);
});

describe("its own controls", () => {
  it("inject faults, record exchanges, and report, for the admin token alone", async () => {
    const record = await startSandbox(home);
    const client = new SandboxClient(record);
    expect(await client.status()).toMatchObject({ pid: record.daemon.pid, clusters: [] });
    expect(await client.callsInFlight()).toEqual([]);

    const file = join(home.root, "exchanges.jsonl");
    await client.startRecording(file);
    await client.setFaults({ rules: [{ status: 503, times: 1 }] });
    const ask = () =>
      fetch(`http://127.0.0.1:${record.ports.api}/v2/account`, {
        headers: { authorization: `Bearer ${record.apiToken}` },
      });
    expect([(await ask()).status, (await ask()).status]).toEqual([503, 200]);
    expect((await client.faults()).rules).toMatchObject([{ matched: 2, struck: 1 }]);
    await client.clearFaults();
    await client.stopRecording();
    expect(readFileSync(file, "utf8").trim().split("\n")).toHaveLength(2);

    await expect(new SandboxClient({ ...record, adminToken: "guess" }).status()).rejects.toThrow(
      /admin token/,
    );
  });
});

it("says what to do about a spoilt database, and is as new after a reset", async () => {
  await startSandbox(home);
  await stopSandbox(home);
  truncateSync(join(home.storeData, "data.mdb"), 5_000);
  await expect(startSandbox(home)).rejects.toThrow(/spoilt: start afresh.*sandbox reset/);
  await resetSandbox(home);
  await startSandbox(home);
});

it("keeps its passphrase over a reset: what it has encrypted in an environment's file stays readable", async () => {
  await startSandbox(home);
  mkdirSync(home.state);
  writeFileSync(home.passphrase, "kept");
  await resetSandbox(home);
  expect(readFileSync(home.passphrase, "utf8")).toBe("kept");
  expect(existsSync(home.state)).toBe(false);
});

it("does not take a broken record for a sandbox", async () => {
  await startSandbox(home);
  await stopSandbox(home);
  writeFileSync(home.sandboxRecord, "{}");
  await expect(startSandbox(home)).rejects.toThrow(/sandbox reset/);
});
