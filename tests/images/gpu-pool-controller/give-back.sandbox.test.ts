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

const celery = await ensureCelery();
if ("missing" in celery) {
  if (process.env.CI === "true") throw new Error(`Celery is not to be had: ${celery.missing}`);
  process.stderr.write(`NOT RUN: no worker of Celery gives its job back: ${celery.missing}\n`);
}

/** The settings as the page tells applications to hand them to Celery. */
function documentedSettings(): string {
  const page = readFileSync(join(checkout, "docs/gpu-pool.md"), "utf8");
  const [, code] = /```python\n([\s\S]*?)```/.exec(page) ?? [];
  if (code === undefined) throw new Error("docs/gpu-pool.md does not show how settings are handed to Celery");
  return code;
}

const application = (authorityFile: string) => `
import ssl, time
from celery import Celery

app = Celery("whisper")
app.conf.update(
    task_default_queue="transcription",
    broker_use_ssl={"ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_ca_certs": ${JSON.stringify(authorityFile)}},
)
${documentedSettings()}

@app.task(name="transcribe")
def transcribe(seconds):
    time.sleep(seconds)
`;

describe.skipIf("missing" in celery)("a worker that is told to stop in the middle of its job", () => {
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

  it("gives it back to the queue", async () => {
    const reader = new QueueReader(broker, "transcription");
    const seen = () => reader.read(Date.now());
    const send = "from whisper import transcribe; transcribe.delay(3600)";
    await execa("python3", ["-c", send], { cwd: folder, env: environment, extendEnv: false });
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
  });
});
