import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Outcome, WorkQueue } from "../../../sandbox/kubernetes/api/work-queue.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function queue(reconcile: (key: string) => Promise<Outcome>) {
  const failures: string[] = [];
  const made = new WorkQueue({ reconcile, onFailure: (key, error) => failures.push(`${key}: ${error}`) });
  return { made, failures };
}

describe("a work queue", () => {
  it("looks at a key once at a time, and once more for all that came meanwhile", async () => {
    let running = 0;
    let looks = 0;
    const { made } = queue(async () => {
      running += 1;
      looks += 1;
      expect(running).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 10));
      running -= 1;
      return undefined;
    });
    for (let times = 0; times < 5; times++) made.add("a");
    expect(made.isIdle).toBe(false);
    await vi.advanceTimersByTimeAsync(100);
    expect(looks).toBe(2);
    expect(made.isIdle).toBe(true);
  });

  it("works on several keys at once, up to its bound", async () => {
    let most = 0;
    let running = 0;
    const { made } = queue(async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 10));
      running -= 1;
      return undefined;
    });
    for (const key of "abcdefgh") made.add(key);
    await vi.advanceTimersByTimeAsync(100);
    expect(most).toBe(4);
    expect(made.isIdle).toBe(true);
  });

  it("tries again with growing pauses until it works", async () => {
    const attempts: number[] = [];
    const { made, failures } = queue(async () => {
      attempts.push(Date.now());
      if (attempts.length < 4) throw "not yet";
      return undefined;
    });
    made.add("a");
    await vi.advanceTimersByTimeAsync(10_000);
    const pauses = attempts.slice(1).map((at, index) => at - (attempts[index] ?? 0));
    expect(pauses).toEqual([250, 500, 1000]);
    expect(failures).toEqual(["a: not yet", "a: not yet", "a: not yet"]);
    expect(made.isIdle).toBe(true);
  });

  it("looks again when asked to, without calling it a failure", async () => {
    let looks = 0;
    const { made, failures } = queue(async () => (++looks < 3 ? { againAfterMs: 500 } : undefined));
    made.add("a");
    await vi.advanceTimersByTimeAsync(499);
    expect(looks).toBe(1);
    await vi.advanceTimersByTimeAsync(501);
    expect(looks).toBe(3);
    expect(failures).toEqual([]);
  });

  it("does nothing after it was closed", async () => {
    let looks = 0;
    const { made } = queue(async () => {
      looks += 1;
      throw "always";
    });
    made.add("a");
    await vi.advanceTimersByTimeAsync(1);
    await made.close();
    made.add("b");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(looks).toBe(1);
  });
});
