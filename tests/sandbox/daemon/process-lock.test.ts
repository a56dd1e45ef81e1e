import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { identityOf, isAlive, type ProcessIdentity, thisProcess } from "../../../sandbox/daemon/process.ts";
import { lockHolder, tryLock } from "../../../sandbox/daemon/process-lock.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A process that was killed a moment ago. */
async function killedProcess(): Promise<ProcessIdentity> {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  await once(child, "spawn");
  const identity = identityOf(child.pid ?? 0);
  child.kill("SIGKILL");
  await once(child, "exit");
  if (identity === undefined) throw new Error("the process had no identity");
  return identity;
}

it("is held by one, and names who holds it", () => {
  const first = tryLock(folder);
  expect("held" in first).toBe(true);
  expect(tryLock(folder)).toEqual({ holder: thisProcess() });
  expect(lockHolder(folder)).toEqual(thisProcess());
});

it("is free again after it was given back, and after that once more", () => {
  for (let turn = 0; turn < 3; turn += 1) {
    const attempt = tryLock(folder);
    if (!("held" in attempt)) throw new Error("the lock should be free");
    attempt.held.release();
    expect(lockHolder(folder)).toBeUndefined();
  }
});

it("is free at once when its holder was killed, even if another process has the number now", async () => {
  const killed = await killedProcess();
  expect(isAlive(killed)).toBe(false);
  expect("held" in tryLock(folder, killed)).toBe(true);
  expect(lockHolder(folder)).toBeUndefined();
  expect("held" in tryLock(folder, { pid: process.pid, startTime: "long ago" })).toBe(true);
  expect("held" in tryLock(folder)).toBe(true);
});
