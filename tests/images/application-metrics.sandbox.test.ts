import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ensureValkey } from "../../toolchain/valkey.ts";
import { ensurePython } from "../setup/python.ts";

const samples = fileURLToPath(new URL("built/samples/", import.meta.url));

/** The packages of a sample as it pins them, for the Python of this machine. */
function packagesOf(requirements: string): string[] {
  const text = readFileSync(join(samples, requirements), "utf8");
  return [...text.matchAll(/^[\w.-]+==\S+/gm)].map(([name]) => name);
}
const [api, worker] = await Promise.all([
  ensurePython("sample-api", packagesOf("api/requirements.txt")),
  ensurePython("sample-worker", packagesOf("worker/requirements.cpu.txt")),
]);
for (const each of [api, worker]) {
  if (!("missing" in each)) continue;
  if (process.env.CI === "true") throw new Error(`the samples' packages are not to be had: ${each.missing}`);
  process.stderr.write(`NOT RUN: no sample of the application tells its metrics: ${each.missing}\n`);
}

/** What the page wants to be told by whom. */
const wanted = (who: string) =>
  [
    ...readFileSync(new URL("../../docs/metrics.md", import.meta.url), "utf8").matchAll(
      /^\| `(\w+)` \| (\w+) \|.*\| (API|worker) \|/gm,
    ),
  ].flatMap(([, name = "", type, by]) =>
    by === who ? [type === "histogram" ? `${name}_bucket` : name] : [],
  );

/** Label names by metric, of what Prometheus would read. */
function labelsOf(exposition: string): ReadonlyMap<string, readonly string[]> {
  const lines = exposition.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm);
  return new Map(
    [...lines].map(([, name = "", labels = ""]) => [
      name,
      [...labels.matchAll(/(\w+)="/g)].map(([, label = ""]) => label).sort(),
    ]),
  );
}

const running: ChildProcess[] = [];
const scratch = mkdtempSync(join(tmpdir(), "samples-"));

function start(program: string, parameters: string[], environment: NodeJS.ProcessEnv, cwd: string) {
  const child = spawn(program, parameters, {
    cwd,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...environment },
    stdio: ["ignore", "ignore", "pipe"],
    // Its processes are a group, so that none of them is left behind.
    detached: true,
  });
  running.push(child);
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

afterAll(async () => {
  for (const child of running) {
    if (child.exitCode !== null || child.pid === undefined) continue;
    const ended = once(child, "exit");
    process.kill(-child.pid, "SIGKILL");
    await ended;
  }
  rmSync(scratch, { recursive: true, force: true });
});

describe.skipIf("missing" in api)("the API of the samples", () => {
  let address = "";

  beforeAll(async () => {
    if ("missing" in api) return;
    const server = start(
      "python3",
      ["-m", "uvicorn", "--port", "0", "app.main:app"],
      { PYTHONPATH: api.folder },
      join(samples, "api"),
    );
    for await (const line of createInterface({ input: server.stderr })) {
      const [, found] = /running on (http:\/\/\S+)/.exec(line) ?? [];
      if (found === undefined) continue;
      address = found;
      return;
    }
    throw new Error("the API ended before it answered");
  });

  it("tells all that the page wants of an API, with these labels", async () => {
    await fetch(`${address}/jobs/7`);
    for (const password of ["correct", "wrong"])
      await fetch(`${address}/auth/token?user=ada&password=${password}`, { method: "POST" });
    const exposition = await (await fetch(`${address}/metrics`)).text();
    const told = labelsOf(exposition);
    expect(wanted("API").filter((name) => !told.has(name))).toEqual([]);
    expect(Object.fromEntries(wanted("API").map((name) => [name, told.get(name)]))).toEqual({
      http_requests_total: ["handler", "method", "status"],
      http_request_duration_seconds_bucket: ["handler", "le", "method"],
      database_pool_connections: ["state"],
      database_query_duration_seconds_bucket: ["le", "operation"],
      users_active: [],
      sessions_open: [],
      login_attempts_total: ["outcome"],
    });
    for (const line of [
      'http_requests_total{handler="/jobs/{job}",method="GET",status="200"} 1.0',
      'http_requests_total{handler="/auth/token",method="POST",status="401"} 1.0',
      'http_request_duration_seconds_bucket{handler="/jobs/{job}",le="2.0",method="GET"} 1.0',
      'database_query_duration_seconds_bucket{le="1.0",operation="select"} 1.0',
      'login_attempts_total{outcome="failed"} 1.0',
      "sessions_open 1.0",
      "users_active 1.0",
    ])
      expect(exposition).toContain(line);
    // Neither who signs in nor which job it was.
    expect(exposition).not.toMatch(/ada|jobs\/7/);
  });
});

describe.skipIf("missing" in worker)("the worker of the samples", () => {
  it("tells all that the page wants of a worker, of what its children did", async () => {
    if ("missing" in worker) return;
    const [broker, port] = [await freePort(), await freePort()];
    const valkey = await ensureValkey();
    const settings = ["--port", String(broker), "--bind", "127.0.0.1", "--save", ""];
    start(valkey.program, settings, valkey.environment ?? {}, scratch);
    const environment = {
      PYTHONPATH: worker.folder,
      BROKER_URL: `redis://127.0.0.1:${broker}`,
      METRICS_PORT: String(port),
      PROMETHEUS_MULTIPROC_DIR: join(scratch, "metrics"),
    };
    const options = ["--concurrency", "1", "--without-gossip", "--without-mingle"];
    start(
      "python3",
      ["-m", "celery", "--app", "app.worker:celery", "worker", ...options],
      environment,
      join(samples, "worker"),
    );
    const send = (seconds: number) =>
      execa("python3", ["-c", `from app.worker import transcribe; transcribe.delay(${seconds})`], {
        cwd: join(samples, "worker"),
        env: { ...environment, PROMETHEUS_MULTIPROC_DIR: join(scratch, "sender") },
      });
    const exposition = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    await vi.waitFor(exposition, { timeout: 60_000, interval: 200 });
    expect(await exposition()).toContain('transcription_jobs_total{outcome="failed"} 0.0');

    await send(90);
    await send(-1);
    await vi.waitFor(
      async () => expect(await exposition()).toContain('transcription_jobs_total{outcome="failed"} 1.0'),
      { timeout: 60_000, interval: 200 },
    );
    const text = await exposition();
    const told = labelsOf(text);
    expect(Object.fromEntries(wanted("worker").map((name) => [name, told.get(name)]))).toEqual({
      transcription_jobs_total: ["outcome"],
      transcription_jobs_active: [],
      transcription_duration_seconds_bucket: ["le"],
      transcription_audio_seconds_total: [],
    });
    for (const line of [
      'transcription_jobs_total{outcome="completed"} 1.0',
      "transcription_jobs_active 0.0",
      'transcription_duration_seconds_bucket{le="7200.0"} 2.0',
      "transcription_audio_seconds_total 90.0",
    ])
      expect(text).toContain(line);
  });
});
