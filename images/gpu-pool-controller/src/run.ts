import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Valkey } from "iovalkey";
import { AutoscalePool } from "./autoscale-pool.ts";
import { Controller } from "./controller.ts";
import type { PoolRules } from "./decision.ts";
import { metricsText } from "./metrics.ts";
import { QueueReader } from "./queue.ts";
import { createApi } from "./server.ts";
import type { Settings } from "./settings.ts";

/** A controller at work. */
export interface RunningController {
  /** Port of its metrics. */
  readonly port: number;
  readonly controller: Controller;
  stop(): Promise<void>;
}

/** A round that takes longer than this is stuck, and nothing but a restart helps. */
const longestRoundMs = 60_000;

/** What is written down is of use for as long as the day it is about. */
const memorySeconds = 2 * 24 * 3600;

/** Starts the controller: joins it to its queue and its pool, and lets it go round until it is stopped. */
export async function runController(
  settings: Settings,
  write: (line: string) => void,
): Promise<RunningController> {
  const rules = rulesOf(settings);
  const log = (level: "info" | "error", message: string, facts: object = {}) =>
    write(`${JSON.stringify({ at: new Date().toISOString(), level, message, ...facts })}\n`);
  const secret = async (name: string) => (await readFile(join(settings.SECRETS_FOLDER, name), "utf8")).trim();
  const pool = new AutoscalePool({
    apiUrl: settings.DIGITALOCEAN_API_URL.replace(/\/$/, ""),
    poolId: settings.POOL_ID,
    token: () => secret("digitalocean-token"),
    timeoutMs: 10_000,
  });
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
    illness: () => {
      const silentMs = Date.now() - controller.view.roundMs;
      return silentMs > longestRoundMs
        ? `no round has ended for ${Math.round(silentMs / 1000)} s`
        : undefined;
    },
    members: () => pool.members(),
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(settings.PORT, resolve);
  });
  const stopping = new AbortController();
  const rounds = goRound(controller, settings.POLL_MILLISECONDS, stopping.signal);
  return {
    port: (server.address() as AddressInfo).port,
    controller,
    stop: async () => {
      stopping.abort();
      await rounds;
      broker.disconnect();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function goRound(controller: Controller, pauseMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await controller.round();
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
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
