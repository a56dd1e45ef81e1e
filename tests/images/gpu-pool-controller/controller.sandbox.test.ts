import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Valkey } from "iovalkey";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type RunningController, runController } from "../../../images/gpu-pool-controller/src/run.ts";
import { readSettings } from "../../../images/gpu-pool-controller/src/settings.ts";
import { storeSandbox } from "../../sandbox/stores/store-sandbox.ts";
import { celeryMessage } from "./celery-message.ts";

const queueName = "transcription";
const sandbox = storeSandbox();
const secrets = mkdtempSync(join(tmpdir(), "controller-secrets-"));
const lines: string[] = [];
let poolId: string;
let broker: Valkey;
let running: RunningController;

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const { ports, apiToken } = sandbox.record;
  const answer = await fetch(`http://127.0.0.1:${ports.api}${path}`, {
    method,
    headers: { authorization: `Bearer ${apiToken}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  expect(answer.status, `${method} ${path}: ${text}`).toBeLessThan(300);
  return JSON.parse(text);
}

const members = async () =>
  (await call<{ droplets: object[] }>("GET", `/v2/droplets/autoscale/${poolId}/members`)).droplets.length;

beforeAll(async () => {
  const database = await sandbox.online({
    name: "whisper-queue",
    engine: "valkey",
    version: "8",
    num_nodes: 1,
    size: "db-s-1vcpu-1gb",
    region: "tor1",
  });
  const authority = await sandbox.authority(database.id);
  const { ssh_key } = await call<{ ssh_key: { fingerprint: string } }>("POST", "/v2/account/keys", {
    name: "ada",
    public_key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDRmkMDCojC6aYLnhBc1Ob6yCrnS2bMVAhQhkyvs1TmJ ada",
  });
  const { autoscale_pool } = await call<{ autoscale_pool: { id: string } }>(
    "POST",
    "/v2/droplets/autoscale",
    {
      name: "whisper-gpu",
      config: { target_number_instances: 1 },
      droplet_template: {
        region: "tor1",
        size: "gpu-l40sx1-48gb",
        image: "gpu-h100x1-base",
        ssh_keys: [ssh_key.fingerprint],
        tags: ["gpu"],
        user_data: "#cloud-config\n",
      },
    },
  );
  poolId = autoscale_pool.id;
  const { host, port, user, password, uri } = database.connection;
  broker = new Valkey({ host, port, username: user, password, tls: { ca: authority } });
  writeFileSync(join(secrets, "digitalocean-token"), `${sandbox.record.apiToken}\n`);
  writeFileSync(join(secrets, "broker-url"), `${uri}\n`);
  writeFileSync(join(secrets, "broker-ca.crt"), authority);
  running = await runController(
    readSettings({
      POOL_ID: poolId,
      QUEUE_NAME: queueName,
      FLOOR: "1",
      CEILING: "3",
      COOLDOWN_SECONDS: "0",
      JOBS_PER_MEMBER_HOUR: "12",
      TARGET_WAIT_SECONDS: "600",
      BUDGET_USD_PER_DAY: "1000",
      MEMBER_USD_PER_HOUR: "1.57",
      PORT: "0",
      DIGITALOCEAN_API_URL: `http://127.0.0.1:${sandbox.record.ports.api}`,
      SECRETS_FOLDER: secrets,
    }),
    (line) => void lines.push(line),
  );
});

afterAll(async () => {
  await running?.stop();
  broker?.disconnect();
  rmSync(secrets, { recursive: true, force: true });
});

const told = async () => (await fetch(`http://127.0.0.1:${running.port}/metrics`)).text();

it("gives a pool of DigitalOcean's the droplets that a real queue asks for, and takes them back", async () => {
  await vi.waitFor(async () => expect(await told()).toContain("gpu_pool_queue_waiting 0"));
  const changedMs = Date.now();
  await broker.lpush(queueName, ...["a", "b", "c"].map((id) => celeryMessage(id, Date.now() / 1000)));
  await vi.waitFor(async () => expect(await members()).toBe(2), { timeout: 60_000, interval: 50 });
  process.stderr.write(
    `The controller had decided and resized ${Date.now() - changedMs} ms after the queue changed.\n`,
  );
  expect(await told()).toContain("gpu_pool_queue_waiting 3");
  expect(lines.join("")).toContain("3 waiting");

  await broker.lpush(queueName, ...Array.from({ length: 40 }, (_, index) => celeryMessage(`more-${index}`)));
  await vi.waitFor(async () => expect(await members()).toBe(3), { timeout: 60_000 });

  await broker.del(queueName);
  await vi.waitFor(async () => expect(await members()).toBe(1), { timeout: 60_000 });
});

it("keeps what makes the members what they are", async () => {
  const { autoscale_pool } = await call<{ autoscale_pool: object }>(
    "GET",
    `/v2/droplets/autoscale/${poolId}`,
  );
  expect(autoscale_pool).toMatchObject({
    name: "whisper-gpu",
    config: { target_number_instances: 1 },
    droplet_template: { tags: ["gpu"], user_data: "#cloud-config\n", size: "gpu-l40sx1-48gb" },
  });
});

it("tells Prometheus where the members are", async () => {
  const answer = await fetch(`http://127.0.0.1:${running.port}/targets?port=9100`);
  expect(await answer.json()).toEqual([
    { targets: [expect.stringMatching(/^10\.\d+\.\d+\.\d+:9100$/)], labels: { droplet: expect.any(String) } },
  ]);
});

it("writes neither the token nor the broker's password anywhere", async () => {
  const said = [...lines, await told()].join("");
  expect(said).not.toContain(sandbox.record.apiToken);
  expect(said).not.toMatch(/rediss?:\/\//);
});
