import { Valkey } from "iovalkey";
import { AutoscalePool } from "./autoscale-pool.ts";
import { Controller } from "./controller.ts";
import type { PoolRules } from "./decision.ts";
import { DigitalOcean } from "./digitalocean.ts";
import { metricsText } from "./metrics.ts";
import { QueueReader } from "./queue.ts";
import { createApi } from "./server.ts";
import { logTo, type RunningService, runService, secretsIn, stuckSince } from "./service.ts";
import type { Settings } from "./settings.ts";

/** A controller at work. */
export interface RunningController extends RunningService {
  readonly controller: Controller;
}

/** What is written down is of use for as long as the day it is about. */
const memorySeconds = 2 * 24 * 3600;

/** Starts the controller: joins it to its queue and its pool, and lets it go round until it is stopped. */
export async function runController(
  settings: Settings,
  write: (line: string) => void,
): Promise<RunningController> {
  const rules = rulesOf(settings);
  const log = logTo(write);
  const secret = secretsIn(settings.SECRETS_FOLDER);
  const api = new DigitalOcean({
    apiUrl: settings.DIGITALOCEAN_API_URL.replace(/\/$/, ""),
    token: () => secret("digitalocean-token"),
    timeoutMs: 10_000,
  });
  const pool = new AutoscalePool(api, settings.POOL_ID);
  const authority = await secret("broker-ca.crt").catch(() => undefined);
  const broker = new Valkey(await secret("broker-url"), {
    ...(authority !== undefined && { tls: { ca: authority } }),
    // What is not answered fails, and the next round asks again.
    commandTimeout: 5000,
    maxRetriesPerRequest: 1,
  });
  broker.on("error", (error: Error) => log("error", `queue: ${error.message}`));
  const memoryKey = `gpu-pool-controller:${settings.POOL_ID}`;
  const controller = new Controller({
    rules,
    queue: new QueueReader(broker, settings.QUEUE_NAME),
    pool,
    memory: {
      load: () => broker.get(memoryKey),
      save: async (text) => void (await broker.set(memoryKey, text, "EX", memorySeconds)),
    },
    log,
    now: Date.now,
  });
  const server = createApi({
    metrics: () => metricsText(controller.view, rules),
    illness: () => stuckSince(controller.view.roundMs),
    members: () => pool.members(),
  });
  const service = await runService(
    server,
    settings.PORT,
    () => controller.round(),
    settings.POLL_MILLISECONDS,
  );
  const stop = async () => {
    await service.stop();
    broker.disconnect();
  };
  return { port: service.port, controller, stop };
}

function rulesOf(settings: Settings): PoolRules {
  return {
    floor: settings.FLOOR,
    ceiling: settings.CEILING,
    cooldownSeconds: settings.COOLDOWN_SECONDS,
    jobsPerMemberHour: settings.JOBS_PER_MEMBER_HOUR,
    jobsAtOnce: settings.JOBS_AT_ONCE,
    targetWaitSeconds: settings.TARGET_WAIT_SECONDS,
    budgetUsdPerDay: settings.BUDGET_USD_PER_DAY,
    memberUsdPerHour: settings.MEMBER_USD_PER_HOUR,
  };
}
