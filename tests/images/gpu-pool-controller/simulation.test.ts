import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { droplets, elastic, fixed, outcomes, pageFile, pageWith } from "./figures.ts";
import { simulate } from "./simulation.ts";

describe("a simulated pool", () => {
  it("does one job after the other, and pays for every droplet all the time", () => {
    const job = { atSeconds: 0, seconds: 600 };
    const outcome = simulate([job, job, { ...job, atSeconds: 60 }], fixed(2), droplets);
    expect(outcome).toMatchObject({ longestWaitSeconds: 540, begunAnew: 0, mostDroplets: 2 });
    expect(outcome.usd).toBeCloseTo(2 * 24 * 1.57, 1);
  });

  it("begins a job anew, much later, whose droplet was taken away", () => {
    // A budget that lasts for the ceiling until 2 o'clock.
    const rules = { ...fixed(1), ceiling: 2, jobsPerMemberHour: 1, budgetUsdPerDay: 24 * 1.57 + 2 * 1.57 };
    const jobs = Array.from({ length: 4 }, () => ({ atSeconds: 0, seconds: 7000 }));
    const { begunAnew, longestWaitSeconds, usd } = simulate(jobs, rules, droplets);
    expect(begunAnew).toBe(1);
    expect(longestWaitSeconds).toBeGreaterThan(droplets.visibilityTimeoutSeconds);
    expect(usd).toBeLessThanOrEqual(rules.budgetUsdPerDay + 0.03);
  });
});

describe.each(Object.entries(outcomes()))("on days that are %s", (_, pools) => {
  const outcome = (pool: string) => {
    const found = pools[pool];
    if (found === undefined) throw new Error(`there is no pool that is ${pool}`);
    return found;
  };
  const steered = outcome("elastic, 1 to 4");

  it("an elastic pool costs less than its ceiling, and makes nobody wait longer than its floor does", () => {
    expect(steered.usd).toBeLessThan(outcome("fixed, 4").usd);
    expect(steered.meanWaitSeconds).toBeLessThanOrEqual(outcome("fixed, 1").meanWaitSeconds);
    expect(steered.usd).toBeLessThanOrEqual(steered.days * elastic.budgetUsdPerDay);
  });

  it("takes no droplet away in the middle of its job", () => expect(steered.begunAnew).toBe(0));
});

it("docs/gpu-pool.md shows what the simulation comes to", () => {
  const text = readFileSync(pageFile, "utf8");
  expect(pageWith(text), "run npm run gpu-figures").toBe(text);
});
