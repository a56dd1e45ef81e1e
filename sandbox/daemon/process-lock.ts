import { randomUUID } from "node:crypto";
import { linkSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { isDiskFull } from "../error.ts";
import { makePrivate, readJson } from "../home.ts";
import { isAlive, type ProcessIdentity, thisProcess } from "./process.ts";

const holderSchema = z.object({ pid: z.number(), startTime: z.string(), released: z.boolean() });
type Holder = z.infer<typeof holderSchema>;

/** A lock that this process holds. */
export interface HeldLock {
  /** Gives the lock back. A process that dies without doing so loses it all the same. */
  release(): void;
}

/** The outcome of asking for a lock: held, or who holds it. */
export type LockAttempt = { readonly held: HeldLock } | { readonly holder: ProcessIdentity };

/**
 * Takes a lock for the life of this process; a lock whose holder was killed is free again at once.
 *
 * The folder holds one file a generation, `1`, `2`, ...; only the highest counts, and it is held while the process it
 * names lives. A generation is taken with an exclusive hard link, so of two processes that see the same dead holder
 * exactly one wins, and files are never taken away from under a holder: no window in which two could hold the lock.
 *
 * @param folder The lock's own folder, created when missing.
 * @param owner Who holds it; by default this process.
 */
export function tryLock(folder: string, owner: ProcessIdentity = thisProcess()): LockAttempt {
  makePrivate(folder);
  for (;;) {
    const latest = latestGeneration(folder);
    const holder = latest === 0 ? undefined : readHolder(join(folder, String(latest)));
    if (holder !== undefined && !holder.released && isAlive(holder)) {
      return { holder: { pid: holder.pid, startTime: holder.startTime } };
    }
    const generation = latest + 1;
    if (!claim(folder, generation, { ...owner, released: false })) continue;
    if (latestGeneration(folder) !== generation) {
      // We were slow, and others have come and gone since we looked: ours is an old generation that counts for nothing.
      rmSync(join(folder, String(generation)), { force: true });
      continue;
    }
    for (const old of generations(folder).filter((number) => number < generation)) {
      rmSync(join(folder, String(old)), { force: true });
    }
    return { held: { release: () => release(folder, generation, owner) } };
  }
}

/** Who holds the lock now, if anybody does. */
export function lockHolder(folder: string): ProcessIdentity | undefined {
  const latest = latestGeneration(folder);
  const holder = latest === 0 ? undefined : readHolder(join(folder, String(latest)));
  return holder === undefined || holder.released || !isAlive(holder)
    ? undefined
    : { pid: holder.pid, startTime: holder.startTime };
}

function generations(folder: string): number[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^[1-9]\d*$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function latestGeneration(folder: string): number {
  return Math.max(0, ...generations(folder));
}

const readHolder = (file: string): Holder | undefined => holderSchema.safeParse(readJson(file)).data;

/** A full disk must not hide why the holder gives up: the lock is free at the latest when its process has ended. */
function release(folder: string, generation: number, owner: ProcessIdentity): void {
  try {
    write(folder, generation, { ...owner, released: true });
  } catch (error) {
    if (!isDiskFull(error)) throw error;
  }
}

/** Creates a generation with its content in one step; false when somebody else has it already. */
function claim(folder: string, generation: number, holder: Holder): boolean {
  const draft = writeDraft(folder, holder);
  try {
    linkSync(draft, join(folder, String(generation)));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function write(folder: string, generation: number, holder: Holder): void {
  renameSync(writeDraft(folder, holder), join(folder, String(generation)));
}

function writeDraft(folder: string, holder: Holder): string {
  const draft = join(folder, `draft-${randomUUID()}`);
  try {
    writeFileSync(draft, JSON.stringify(holder), { mode: 0o600 });
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  return draft;
}
