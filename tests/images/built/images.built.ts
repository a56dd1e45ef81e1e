import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Image } from "../../../components/image/image.ts";
import type { HealthReport } from "../../../platform/health/report.ts";
import { createDockerBuildProvider } from "../../../sandbox/providers/docker-build/provider.ts";
import { serveProvider } from "../../../sandbox/providers/kit/index.ts";
import { ensureValkey } from "../../../toolchain/valkey.ts";
import { testToken } from "../../sandbox/cloud/support/cloud.ts";
import { openStack } from "../../sandbox/providers/engine.ts";
import { registrySandbox } from "../../sandbox/registry/support.ts";
import { imagesFolder } from "../dockerfile-rules.ts";
import { standInBases } from "./bases.ts";
import { Builder } from "./builder.ts";
import { type RunningContainer, runContainer } from "./container.ts";

/** The shortest time that Kubernetes gives a pod of these to stop is longer. */
const stopsWithinMs = 20_000;
const samples = fileURLToPath(new URL("samples/", import.meta.url));
const repository = fileURLToPath(new URL("../../../", import.meta.url));
const builder = new Builder();
let bases: ReadonlyMap<string, string>;

async function build(image: string, context: string, buildArguments = {}): Promise<void> {
  const dockerfile = join(imagesFolder, image, "Dockerfile");
  await builder.build({ tag: `localhost/${image}-image`, dockerfile, context, bases, buildArguments });
}

/** Runs what was built, waits for its health check, and has it stop. */
async function tryOut(
  image: string,
  run: Omit<Parameters<typeof runContainer>[0], "root" | "config"> = {},
  whileItRuns: (running: RunningContainer) => Promise<void> = async () => undefined,
): Promise<void> {
  const name = `localhost/${image}-image`;
  const config = await builder.configOf(name);
  const running = await runContainer({ root: await builder.filesOf(name), config, ...run });
  try {
    await running.healthy();
    expect(running.status()).toEqual({
      uids: "10001\t10001\t10001\t10001",
      capabilities: "0000000000000000",
    });
    await whileItRuns(running);
  } finally {
    // The second is what a shell calls a program that a signal ended; Next.js' server ends with it by itself.
    expect([0, 143], running.output()).toContain(await running.stop(stopsWithinMs));
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

beforeAll(async () => {
  bases = await standInBases(builder);
});
afterAll(() => builder.remove());

describe("the controller of the GPU pool", () => {
  beforeAll(() => build("gpu-pool-controller", join(imagesFolder, "gpu-pool-controller")));

  it("runs as it is: without a queue it says so, is well, and stops when told", async () => {
    const secrets = mkdtempSync(join(tmpdir(), "secrets-"));
    chmodSync(secrets, 0o755);
    const port = await freePort();
    writeFileSync(join(secrets, "digitalocean-token"), "token");
    writeFileSync(join(secrets, "broker-url"), "redis://127.0.0.1:1");
    try {
      const environment = {
        ...{ POOL_ID: "pool", QUEUE_NAME: "transcription", FLOOR: "1", CEILING: "3", COOLDOWN_SECONDS: "60" },
        ...{ JOBS_PER_MEMBER_HOUR: "12", TARGET_WAIT_SECONDS: "600", BUDGET_USD_PER_DAY: "100" },
        ...{ MEMBER_USD_PER_HOUR: "1.57", PORT: String(port), DIGITALOCEAN_API_URL: "http://127.0.0.1:1" },
        SECRETS_FOLDER: "/mnt",
      };
      await tryOut(
        "gpu-pool-controller",
        { environment, mounts: { "/mnt": secrets } },
        async ({ output }) => {
          expect(output()).toContain("ECONNREFUSED");
        },
      );
    } finally {
      rmSync(secrets, { recursive: true, force: true });
    }
  });

  it("goes to the registry and comes back the same, and its tag is resolved to that digest", async () => {
    const registry = await registrySandbox();
    await registry.server.listen({ port: 0, host: "127.0.0.1" });
    const { port } = registry.server.server.address() as AddressInfo;
    const login = { host: `127.0.0.1:${port}`, token: testToken };
    const place = { url: () => `http://${login.host}`, token: testToken };
    const served = await serveProvider(createDockerBuildProvider(place), { port: 0 });
    const repository = "whisper/gpu-pool-controller";
    const reference = `registry.digitalocean.com/${repository}:0.1.0`;
    const opened = await openStack(
      async () => ({ image: new Image("controller", { reference, pin: "staging" }).reference }),
      { "docker-build": served.port },
    );
    try {
      const digest = await builder.push("localhost/gpu-pool-controller-image", login, `${repository}:0.1.0`);
      await opened.stack.up();
      const outputs = await opened.outputs();
      expect(outputs.image?.value).toBe(`${reference}-staging@${digest}`);
      const pulled = await builder.pull(login, `${repository}@${digest}`);
      expect(await builder.configOf(pulled)).toEqual(
        await builder.configOf("localhost/gpu-pool-controller-image"),
      );
    } finally {
      await opened.remove();
      await served.close();
      await registry.close();
    }
  });
});

it("the health monitor asks once, prints what it found, and fails when something is critical", async () => {
  await build("health-monitor", repository);
  const secrets = mkdtempSync(join(tmpdir(), "settings-"));
  chmodSync(secrets, 0o755);
  const nobody = { host: "127.0.0.1", port: 1, user: "whisper_monitor", password: "never shown" };
  const settings = {
    environment: "staging",
    urls: { site: "https://127.0.0.1:1" },
    postgres: [
      { name: "postgres", ...nobody, database: "whisper", searchPath: "monitoring", authority: "PEM" },
    ],
    valkey: [{ name: "valkey", ...nobody, queues: ["celery"] }],
    buckets: [
      {
        ...{ name: "media", region: "tor1", endpoint: "http://127.0.0.1:1" },
        ...{ accessKeyId: "key", secretAccessKey: "never shown" },
      },
    ],
    prometheus: [{ name: "prometheus", address: "http://127.0.0.1:1" }],
  };
  writeFileSync(join(secrets, "settings.json"), JSON.stringify(settings));
  try {
    const name = "localhost/health-monitor-image";
    const running = await runContainer({
      root: await builder.filesOf(name),
      config: await builder.configOf(name),
      environment: { SETTINGS_FILE: "/mnt/settings.json" },
      mounts: { "/mnt": secrets },
    });
    expect(await running.ended(), running.output()).toBe(1);
    const report: HealthReport = JSON.parse(running.output());
    expect(report).toMatchObject({ schema: 1, environment: "staging", verdict: "critical" });
    expect(report.checks.map(({ subject, verdict }) => `${subject} ${verdict}`)).toEqual(
      [
        ...["api", "database", "cache", "queue", "storage", "certificates"],
        ...["cluster", "cluster", "monitoring"],
      ].map((subject) => `${subject} critical`),
    );
    expect(running.output()).not.toContain("never shown");
  } finally {
    rmSync(secrets, { recursive: true, force: true });
  }
});

describe("the application's images, of sources that hold the least they must", () => {
  it("the API answers, and its migrations run", async () => {
    await build("api", join(samples, "api"));
    await tryOut("api", {}, async () => {
      const answer = await fetch("http://127.0.0.1:8000/metrics");
      expect(answer.status).toBe(200);
      expect(answer.headers.get("server")).toBeNull();
    });
    const name = "localhost/api-image";
    const root = await builder.filesOf(name);
    expect(readdirSync(join(root, "app")).sort()).toEqual([
      "alembic.ini",
      "app",
      "migrations",
      "requirements.txt",
    ]);
    const migrating = await runContainer({
      root,
      config: await builder.configOf(name),
      command: ["alembic", "upgrade", "head"],
      environment: { DATABASE_URL: "sqlite:////tmp/jobs.db" },
    });
    expect(await migrating.ended(), migrating.output()).toBe(0);
  });

  it("a worker without a GPU answers over the queue", async () => {
    await build("worker", join(samples, "worker"), { GPU_BRAND: "cpu" });
    const { program, environment } = await ensureValkey();
    const port = await freePort();
    const broker = spawn(program, ["--port", String(port), "--bind", "127.0.0.1", "--save", ""], {
      env: { ...process.env, ...environment },
      stdio: "ignore",
    });
    try {
      const BROKER_URL = `redis://127.0.0.1:${port}`;
      await tryOut("worker", { environment: { BROKER_URL }, writable: ["/models"] });
    } finally {
      broker.kill();
      await once(broker, "exit");
    }
  });

  it("the front end serves its page, and writes where it may alone", async () => {
    await build("web", join(samples, "web"));
    await tryOut("web", { writable: ["/app/.next/cache"] }, async () => {
      expect(await (await fetch("http://127.0.0.1:3000/")).text()).toContain("Transcripts");
    });
  });
});
