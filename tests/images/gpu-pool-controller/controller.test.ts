import { expect, it } from "vitest";
import type { PoolState } from "../../../images/gpu-pool-controller/src/autoscale-pool.ts";
import { Controller } from "../../../images/gpu-pool-controller/src/controller.ts";
import { metricsText } from "../../../images/gpu-pool-controller/src/metrics.ts";

const rules = {
  floor: 1,
  ceiling: 4,
  cooldownSeconds: 600,
  jobsPerMemberHour: 12,
  jobsAtOnce: 1,
  targetWaitSeconds: 600,
  budgetUsdPerDay: 100,
  memberUsdPerHour: 1,
};

/** A controller with everything around it, which the tests turn as they like. */
function around(remembered: string | null = null) {
  const world = {
    nowMs: Date.parse("2026-11-21T10:00:00Z"),
    waiting: 0,
    broken: new Set<"queue" | "pool" | "memory">(),
    pool: { target: 1, active: 1, createdMs: Date.parse("2026-11-21T08:00:00Z") } as PoolState,
    poolReads: 0,
    resizes: [] as number[],
    remembered,
    log: [] as string[],
  };
  const unless = (part: "queue" | "pool" | "memory") => {
    if (world.broken.has(part)) throw new Error(`no ${part}`);
  };
  const controller = new Controller({
    rules,
    queue: {
      read: async () => {
        unless("queue");
        return { waiting: world.waiting, inFlight: 0, oldestWaitingSeconds: 0 };
      },
    },
    pool: {
      read: async () => {
        unless("pool");
        world.poolReads += 1;
        return world.pool;
      },
      resize: async (target) => {
        unless("pool");
        world.resizes.push(target);
        world.pool = { ...world.pool, target };
      },
    },
    memory: {
      load: async () => {
        unless("memory");
        return world.remembered;
      },
      save: async (text) => {
        unless("memory");
        world.remembered = text;
      },
    },
    log: (_, message) => void world.log.push(message),
    now: () => world.nowMs,
  });
  const round = (afterSeconds = 2) => {
    world.nowMs += afterSeconds * 1000;
    return controller.round();
  };
  return { world, controller, round };
}

it("tells the pool once what the queue asks for, and says why", async () => {
  const { world, round } = around();
  await round();
  world.waiting = 5;
  await round();
  await round();
  expect(world.resizes).toEqual([3]);
  expect(world.log).toEqual([
    expect.stringContaining("1 members in place of 1, as the floor is 1"),
    expect.stringContaining("5 waiting (the oldest 0 s), 0 in hand: 3 members in place of 1"),
    expect.stringContaining("3 members in place of 3, which is what the queue asks for"),
  ]);
});

it("shrinks when the queue has been short for a cooldown, and not before", async () => {
  const { world, round } = around();
  world.waiting = 5;
  await round();
  await round();
  world.waiting = 0;
  await round(599);
  expect(world.resizes).toEqual([3]);
  world.waiting = 5;
  await round();
  world.waiting = 0;
  await round(599);
  expect(world.resizes).toEqual([3]);
  await round();
  expect(world.resizes).toEqual([3, 1]);
});

it("asks the API for the pool now and then, not at every round", async () => {
  const { world, round } = around();
  for (let rounds = 0; rounds < 30; rounds += 1) await round();
  expect(world.poolReads).toBeLessThanOrEqual(5);
});

it("sees what others have set", async () => {
  const { world, round } = around();
  await round();
  world.pool = { ...world.pool, target: 9 };
  await round(20);
  expect(world.resizes).toEqual([4]);
});

it("leaves the pool as it is while the queue cannot be read, and says so", async () => {
  const { world, round, controller } = around();
  world.waiting = 5;
  await round();
  world.broken.add("queue");
  world.waiting = 0;
  await round(3600);
  expect(world.resizes).toEqual([3]);
  expect(world.log.at(-1)).toBe("queue: no queue");
  expect(controller.view.errors.queue).toBe(1);
});

it("tries again what the pool has refused", async () => {
  const { world, round } = around();
  await round();
  world.waiting = 5;
  world.broken.add("pool");
  await round();
  expect(world.resizes).toEqual([]);
  world.broken.clear();
  await round();
  expect(world.resizes).toEqual([3]);
});

it("knows after a restart what the day has cost, and since when fewer would do", async () => {
  const first = around();
  first.world.waiting = 5;
  await first.round();
  first.world.waiting = 0;
  await first.round(300);
  const { spentUsd } = first.controller.view;
  const second = around(first.world.remembered);
  second.world.pool = first.world.pool;
  second.world.nowMs = first.world.nowMs;
  await second.round(240);
  // Three members for four minutes more.
  expect(second.controller.view.spentUsd).toBeCloseTo(spentUsd + (3 * 240) / 3600, 6);
  expect(second.world.resizes).toEqual([]);
  await second.round(120);
  expect(second.world.resizes).toEqual([1]);
});

it("goes on without a memory", async () => {
  const { world, round, controller } = around();
  world.broken.add("memory");
  world.waiting = 5;
  await round();
  expect(world.resizes).toEqual([3]);
  // As though its one member had been there since the pool was made, two hours ago.
  expect(controller.view.spentUsd).toBeCloseTo(2, 2);
});

it("tells its metrics, and leaves out what it does not know yet", async () => {
  const { world, round, controller } = around();
  expect(metricsText(controller.view, rules)).not.toContain("gpu_pool_queue_waiting");
  world.waiting = 5;
  await round();
  const text = metricsText(controller.view, rules);
  const samples = text.split("\n").filter((line) => !line.startsWith("#"));
  expect(samples).toEqual(
    expect.arrayContaining([
      "gpu_pool_queue_waiting 5",
      'gpu_pool_members{state="wanted"} 3',
      'gpu_pool_members{state="target"} 3',
      'gpu_pool_members{state="active"} 1',
      'gpu_pool_decision{reason="queue"} 1',
      'gpu_pool_decision{reason="idle"} 0',
      'gpu_pool_decisions_total{reason="queue"} 1',
      "gpu_pool_resizes_total 1",
      "gpu_pool_budget_usd 100",
    ]),
  );
});
