import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decide,
  type Observation,
  type PoolRules,
} from "../../../images/gpu-pool-controller/src/decision.ts";
import { charge } from "../../../images/gpu-pool-controller/src/ledger.ts";

const rules: PoolRules = {
  floor: 1,
  ceiling: 6,
  cooldownSeconds: 600,
  jobsPerMemberHour: 12,
  jobsAtOnce: 1,
  targetWaitSeconds: 600,
  budgetUsdPerDay: 150,
  memberUsdPerHour: 1.57,
};
const noon = Date.parse("2026-11-21T12:00:00Z");
const quiet: Observation = {
  nowMs: noon,
  waiting: 0,
  inFlight: 0,
  oldestWaitingSeconds: 0,
  members: 1,
  spentUsd: 18,
  lastNeededMs: noon,
};
const decided = (seen: Partial<Observation>, changed: Partial<PoolRules> = {}) => {
  const { target, reason, wanted } = decide({ ...rules, ...changed }, { ...quiet, ...seen });
  return { target, reason, wanted };
};

describe("a decision", () => {
  it.each<[string, Partial<Observation>, Partial<PoolRules>, object]>([
    ["keeps the floor for an empty queue", {}, {}, { target: 1, reason: "floor", wanted: 0 }],
    // One member begins 2 jobs in 10 minutes.
    ["grows with the queue", { waiting: 7 }, {}, { target: 4, reason: "queue", wanted: 4 }],
    ["counts what is in hand", { inFlight: 3, members: 3 }, {}, { target: 3, reason: "steady", wanted: 3 }],
    [
      "counts jobs that one member has at once",
      { inFlight: 4 },
      { jobsAtOnce: 2 },
      { target: 2, reason: "queue", wanted: 2 },
    ],
    [
      "hastens for a job that waits long",
      { waiting: 2, oldestWaitingSeconds: 400 },
      {},
      { target: 3, reason: "age", wanted: 3 },
    ],
    [
      "hastens no more than fourfold",
      { waiting: 2, oldestWaitingSeconds: 99_999 },
      {},
      { target: 4, reason: "age", wanted: 4 },
    ],
    ["stops at the ceiling", { waiting: 100 }, {}, { target: 6, reason: "ceiling", wanted: 50 }],
    [
      "stays while it cools down",
      { members: 4, lastNeededMs: noon - 599_000 },
      {},
      { target: 4, reason: "cooldown", wanted: 0 },
    ],
    [
      "shrinks afterwards",
      { members: 4, lastNeededMs: noon - 600_000 },
      { floor: 2 },
      { target: 2, reason: "floor", wanted: 0 },
    ],
    [
      "waits for a moment without a job in hand",
      { members: 4, inFlight: 2, lastNeededMs: noon - 2_399_000 },
      {},
      { target: 4, reason: "cooldown", wanted: 2 },
    ],
    [
      "does not wait for it for ever",
      { members: 4, inFlight: 2, lastNeededMs: noon - 2_400_000 },
      {},
      { target: 2, reason: "idle", wanted: 2 },
    ],
    [
      "grows no further than the budget lasts",
      { waiting: 100, spentUsd: 131 },
      {},
      { target: 1, reason: "budget", wanted: 50 },
    ],
    [
      "shrinks at once when the budget is spent",
      { waiting: 100, members: 5, spentUsd: 149 },
      {},
      { target: 1, reason: "budget", wanted: 50 },
    ],
    [
      "keeps the floor when the budget is spent",
      { waiting: 9, spentUsd: 999 },
      { floor: 2 },
      { target: 2, reason: "budget", wanted: 5 },
    ],
    [
      "comes down to a ceiling that was lowered",
      { waiting: 100, members: 9 },
      {},
      { target: 6, reason: "ceiling", wanted: 50 },
    ],
    [
      "comes up to a floor that was raised",
      { members: 1 },
      { floor: 3 },
      { target: 3, reason: "floor", wanted: 0 },
    ],
  ])("%s", (_, seen, changed, expected) => {
    expect(decided(seen, changed)).toEqual(expected);
  });

  it("says why, with its figures", () => {
    expect(decide(rules, { ...quiet, waiting: 7, oldestWaitingSeconds: 31.7, inFlight: 1 }).explanation).toBe(
      "7 waiting (the oldest 32 s), 1 in hand: 4 members in place of 1, so that each is begun within 600 s",
    );
  });
});

const anyRules = fc
  .record({
    floor: fc.integer({ min: 1, max: 20 }),
    above: fc.integer({ min: 0, max: 30 }),
    cooldownSeconds: fc.integer({ min: 0, max: 7200 }),
    jobsPerMemberHour: fc.double({ min: 0.1, max: 500, noNaN: true }),
    jobsAtOnce: fc.integer({ min: 1, max: 8 }),
    targetWaitSeconds: fc.integer({ min: 1, max: 86_400 }),
    budgetUsdPerDay: fc.double({ min: 0.01, max: 5000, noNaN: true }),
    memberUsdPerHour: fc.double({ min: 0.01, max: 40, noNaN: true }),
  })
  .map(({ above, ...rest }): PoolRules => ({ ...rest, ceiling: rest.floor + above }));

const anyObservation = fc
  .record({
    nowMs: fc.integer({ min: noon, max: noon + 5 * 86_400_000 }),
    waiting: fc.integer({ min: 0, max: 10_000 }),
    inFlight: fc.integer({ min: 0, max: 100 }),
    oldestWaitingSeconds: fc.double({ min: 0, max: 1e6, noNaN: true }),
    members: fc.integer({ min: 1, max: 60 }),
    spentUsd: fc.double({ min: 0, max: 6000, noNaN: true }),
    idleMs: fc.integer({ min: 0, max: 1e8 }),
  })
  .map(({ idleMs, ...rest }): Observation => ({ ...rest, lastNeededMs: rest.nowMs - idleMs }));

describe("every decision", () => {
  it("is a whole number between floor and ceiling", () => {
    fc.assert(
      fc.property(anyRules, anyObservation, (someRules, seen) => {
        const { target } = decide(someRules, seen);
        expect(Number.isInteger(target)).toBe(true);
        expect(target).toBeGreaterThanOrEqual(someRules.floor);
        expect(target).toBeLessThanOrEqual(someRules.ceiling);
      }),
    );
  });

  it("is never smaller for a longer queue, or for an older job", () => {
    fc.assert(
      fc.property(anyRules, anyObservation, fc.nat(5000), fc.nat(5000), (someRules, seen, more, older) => {
        const { target } = decide(someRules, seen);
        const longer = { ...seen, waiting: seen.waiting + more };
        expect(decide(someRules, longer).target).toBeGreaterThanOrEqual(target);
        const aged = { ...seen, oldestWaitingSeconds: seen.oldestWaitingSeconds + older };
        expect(decide(someRules, aged).target).toBeGreaterThanOrEqual(target);
      }),
    );
  });

  it("lets nobody go for want of work before the cooldown is over", () => {
    fc.assert(
      fc.property(anyRules, anyObservation, (someRules, seen) => {
        const { target, reason } = decide(someRules, seen);
        const cooling = seen.nowMs - seen.lastNeededMs < someRules.cooldownSeconds * 1000;
        if (cooling && target < seen.members) expect(["budget", "ceiling"]).toContain(reason);
      }),
    );
  });

  it("keeps a day within its budget, but for the floor, whatever the queue does", () => {
    const steps = fc.array(fc.record({ waiting: fc.nat(500), inFlight: fc.nat(40) }), {
      minLength: 20,
      maxLength: 200,
    });
    fc.assert(
      fc.property(anyRules, steps, (someRules, loads) => {
        const midnight = Date.parse("2026-11-22T00:00:00Z");
        const price = someRules.memberUsdPerHour;
        let ledger = { atMs: midnight, spentUsd: 0 };
        let members = someRules.floor;
        let lastNeededMs = midnight;
        // Every minute of a day: the longest that the controller reckons a member to stay when it is told to go.
        for (let minute = 0; minute < 24 * 60; minute += 1) {
          const nowMs = midnight + minute * 60_000;
          ledger = charge(ledger, nowMs, members, price);
          const load = loads[minute % loads.length] ?? { waiting: 0, inFlight: 0 };
          const seen = { ...load, nowMs, oldestWaitingSeconds: 0, members, lastNeededMs };
          const decision = decide(someRules, { ...seen, spentUsd: ledger.spentUsd });
          if (decision.needed || decision.target !== members) lastNeededMs = nowMs;
          members = decision.target;
        }
        const lastMoment = midnight + 24 * 3_600_000 - 1;
        const spentUsd = charge(ledger, lastMoment, members, price).spentUsd;
        const floorUsd = someRules.floor * price * 24;
        expect(spentUsd).toBeLessThanOrEqual(Math.max(someRules.budgetUsdPerDay, floorUsd) + 1e-6);
      }),
    );
  });
});
