import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { Valkey } from "iovalkey";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { celerySettings } from "../../../components/gpu-pool/celery.ts";
import { QueueReader } from "../../../images/gpu-pool-controller/src/queue.ts";
import { checkout } from "../../../sandbox/home.ts";
import { storeSandbox } from "../../sandbox/stores/store-sandbox.ts";
import { ensureCelery } from "../../setup/python.ts";
import { readRecording, recordingHeader } from "./recording.ts";

const celery = await ensureCelery();
if ("missing" in celery) {
  if (process.env.CI === "true") throw new Error(`Celery is not to be had: ${celery.missing}`);
  process.stderr.write(`NOT RUN: no worker of Celery gives its job back: ${celery.missing}\n`);
}

/** What the page tells applications to do: how settings are handed to Celery, and how it tells of each job. */
function documentedCode(): string {
  const page = readFileSync(join(checkout, "docs/gpu-pool.md"), "utf8");
  const blocks = [...page.matchAll(/```python\n([\s\S]*?)```/g)].map(([, code]) => code);
  if (blocks.length !== 2) throw new Error("docs/gpu-pool.md shows other Python than this test runs");
  return blocks.join("\n");
}

const application = (authorityFile: string) => `
import ssl, time
from celery import Celery

app = Celery("whisper")
app.conf.update(
    task_default_queue="transcription",
    broker_use_ssl={"ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_ca_certs": ${JSON.stringify(authorityFile)}},
)
${documentedCode()}

@app.task(name="transcribe")
def transcribe(seconds):
    time.sleep(seconds)
`;

describe.skipIf("missing" in celery)("a worker of Celery", () => {
  const sandbox = storeSandbox();
  const folder = mkdtempSync(join(tmpdir(), "give-back-"));
  let broker: Valkey;
  let environment: NodeJS.ProcessEnv;
  const workers: ChildProcess[] = [];

  const startWorker = () => {
    const options = ["--concurrency=1", "--pool=prefork", "--without-gossip", "--without-mingle"];
    const worker = spawn("python3", ["-m", "celery", "--app=whisper", "worker", ...options], {
      cwd: folder,
      env: environment,
      stdio: "ignore",
      // Its processes are a group, so that none of them is left behind.
      detached: true,
    });
    workers.push(worker);
    return worker;
  };

  beforeAll(async () => {
    if ("missing" in celery) return;
    const database = await sandbox.online({
      name: "whisper-queue",
      engine: "valkey",
      version: "8",
      num_nodes: 1,
      size: "db-s-1vcpu-1gb",
      region: "tor1",
    });
    const { host, port, user, password, uri } = database.connection;
    const authority = await sandbox.authority(database.id);
    writeFileSync(join(folder, "authority.crt"), authority);
    writeFileSync(join(folder, "whisper.py"), application(join(folder, "authority.crt")));
    broker = new Valkey({ host, port, username: user, password, tls: { ca: authority } });
    environment = {
      PATH: process.env.PATH,
      PYTHONPATH: celery.folder,
      PYTHONDONTWRITEBYTECODE: "1",
      CELERY_BROKER_URL: uri,
      LOAD_RECORDING: join(folder, "load.csv"),
      // Two seconds to finish.
      ...celerySettings(17),
    };
  });

  afterAll(async () => {
    for (const { pid, exitCode, signalCode } of workers) {
      if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, "SIGKILL");
    }
    broker?.disconnect();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Puts a job into the queue that takes so many seconds. */
  const send = (seconds: number) =>
    execa("python3", ["-c", `from whisper import transcribe; transcribe.delay(${seconds})`], {
      cwd: folder,
      env: environment,
      extendEnv: false,
    });

  it("gives a job back to the queue that it has begun when it is told to stop", async () => {
    const reader = new QueueReader(broker, "transcription");
    const seen = () => reader.read(Date.now());
    await send(3600);
    expect(await seen()).toMatchObject({ waiting: 1, inFlight: 0 });

    const first = startWorker();
    await vi.waitFor(async () => expect(await seen()).toMatchObject({ waiting: 0, inFlight: 1 }), {
      timeout: 120_000,
      interval: 100,
    });
    const gone = once(first, "exit");
    first.kill("SIGTERM");
    await gone;
    expect(await seen()).toMatchObject({ waiting: 1, inFlight: 0 });
    await broker.del("transcription");
  });

  it("tells of each job when it came and how long it took, as a pool's figures can be reckoned from", async () => {
    const beforeMs = Date.now();
    await send(1.5);
    await send(0.5);
    startWorker();
    const recording = () => readFileSync(join(folder, "load.csv"), "utf8");
    const load = `${recordingHeader}\n`;
    await vi.waitFor(() => expect(recording().trim().split("\n")).toHaveLength(2), {
      timeout: 120_000,
      interval: 100,
    });
    const [first, second] = readRecording(load + recording());
    // A machine under load makes them longer, and never shorter.
    expect(first?.seconds).toBeGreaterThanOrEqual(1.5);
    expect(second?.seconds).toBeGreaterThanOrEqual(0.5);
    const midnightMs = new Date(beforeMs).setUTCHours(0, 0, 0, 0);
    expect(midnightMs + 1000 * (first?.atSeconds ?? 0)).toBeGreaterThanOrEqual(beforeMs);
    expect(second?.atSeconds).toBeGreaterThan(first?.atSeconds ?? Number.NaN);
    expect(midnightMs + 1000 * (second?.atSeconds ?? 0)).toBeLessThan(Date.now());
  });
});
