import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FaultPlan, waitOut } from "../../../sandbox/faults/plan.ts";

describe("a plan of faults", () => {
  it("does nothing when it is empty", () => {
    expect(new FaultPlan().decide("GET", "/v2/droplets")).toBeUndefined();
  });

  it.each([
    ["/v2/droplets", "/v2/droplets", true],
    ["/v2/droplets", "/v2/droplets/1", false],
    ["/v2/droplets/*", "/v2/droplets/1", true],
    ["/v2/droplets/*", "/v2/droplets/1/actions", false],
    ["/v2/**", "/v2/droplets/1/actions", true],
    ["/v2/a.c", "/v2/abc", false],
  ])("matches %s with %s: %s", (path, requested, expected) => {
    const plan = new FaultPlan({ rules: [{ path, status: 500 }] });
    expect(plan.decide("GET", requested) !== undefined).toBe(expected);
  });

  it("matches methods in whichever case, and takes the first rule that strikes", () => {
    const plan = new FaultPlan({ rules: [{ method: "post", status: 503 }, { latencyMs: 5 }] });
    expect(plan.decide("POST", "/x")).toMatchObject({ status: 503 });
    expect(plan.decide("GET", "/x")).toMatchObject({ latencyMs: 5 });
  });

  it("begins after some requests and ends after some strikes", () => {
    const plan = new FaultPlan({ rules: [{ status: 500, after: 1, times: 2 }] });
    const struck = Array.from({ length: 5 }, () => plan.decide("GET", "/x") !== undefined);
    expect(struck).toEqual([false, true, true, false, false]);
    expect(plan.report().rules).toMatchObject([{ matched: 5, struck: 2 }]);
  });

  it("holds a request until it is replaced or cleared", async () => {
    const plan = new FaultPlan({ rules: [{ hold: true }] });
    const order: string[] = [];
    const first = waitOut(plan.decide("GET", "/x"), "before").then(() => order.push("first goes on"));
    await waitOut({}, "before");
    order.push("replaced");
    plan.replace({ rules: [{ hold: true }] });
    await first;
    const second = waitOut(plan.decide("GET", "/x"), "before").then(() => order.push("second goes on"));
    await waitOut({}, "before");
    order.push("cleared");
    plan.clear();
    await second;
    expect(order).toEqual(["replaced", "first goes on", "cleared", "second goes on"]);
  });

  it("is the same for the same seed, and strikes about as often as it is told", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (seed) => {
        const run = () => {
          const plan = new FaultPlan({ seed, rules: [{ status: 500, rate: 0.2 }] });
          return Array.from({ length: 1_000 }, () => plan.decide("GET", "/x") !== undefined);
        };
        const first = run();
        expect(run()).toEqual(first);
        const strikes = first.filter(Boolean).length;
        expect(strikes).toBeGreaterThan(120);
        expect(strikes).toBeLessThan(280);
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    [{ rules: [{}] }, "does nothing"],
    [{ rules: [{ status: 200 }] }, "status"],
    [{ rules: [{ status: 500, rate: 1.5 }] }, "rate"],
    [{ rules: [{ status: 500, path: "v2" }] }, "path"],
    [{ rules: [{ status: 500, latency: 5 }] }, "latency"],
    [{ seed: -1, rules: [] }, "seed"],
  ])("refuses %j", (plan, fault) => {
    expect(() => new FaultPlan(plan as never)).toThrow(fault);
  });
});
