import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import envPaths from "env-paths";
import lockfile from "proper-lockfile";
import type { OnProgress } from "./progress.ts";

/** How long a lock may go without a sign of life before its holder counts as dead. */
const staleAfterMs = 10_000;

/** The folder in which programs are kept by version, shared by all checkouts of a user. */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.WHISPER_TOOLCHAIN_CACHE || envPaths("whisper-platform", { suffix: "" }).cache;
}

/** One folder of the cache: complete, or not there at all. */
export interface CacheEntry {
  readonly cache: string;
  readonly name: string;
  readonly version: string;
}

/** Where an entry stands once it is complete. */
function entryDirectory(entry: CacheEntry): string {
  return join(entry.cache, entry.name, `${entry.version}-${process.platform}-${process.arch}`);
}

/**
 * The folder of an entry, made by `produce` when it is missing. However many processes ask at once, one
 * produces and the others wait for it; one that is killed half-way leaves nothing that is taken for complete,
 * because a folder gets its name only when it is.
 */
export async function cached(
  entry: CacheEntry,
  produce: (directory: string) => Promise<void>,
  onProgress: OnProgress,
): Promise<string> {
  const complete = entryDirectory(entry);
  if (existsSync(complete)) return complete;
  const parent = join(entry.cache, entry.name);
  await mkdir(parent, { recursive: true });
  const release = await acquire(`${complete}.lock`, () =>
    onProgress(`Waiting: another process is getting ${entry.name} ${entry.version}`),
  );
  try {
    if (existsSync(complete)) return complete;
    await removeLeftovers(parent, complete);
    const partial = `${complete}.partial-${randomUUID()}`;
    await mkdir(partial, { recursive: true });
    try {
      await produce(partial);
      await rename(partial, complete);
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
    return complete;
  } finally {
    await release();
  }
}

async function acquire(lockfilePath: string, onWait: () => void): Promise<() => Promise<void>> {
  for (let waited = false; ; waited = true) {
    try {
      return await lockfile.lock(lockfilePath, { lockfilePath, realpath: false, stale: staleAfterMs });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ELOCKED")) throw error;
      if (!waited) onWait();
      await delay(500);
    }
  }
}

async function removeLeftovers(parent: string, complete: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const path = join(parent, name);
    if (path.startsWith(`${complete}.partial-`)) await rm(path, { recursive: true, force: true });
  }
}
