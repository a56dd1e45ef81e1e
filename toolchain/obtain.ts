import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory, cached } from "./cache.ts";
import { type ClosedWay, ToolchainError, WayClosed } from "./errors.ts";
import { buildFromGoModules } from "./go.ts";
import type { Platform, ProgramSet } from "./programs.ts";
import type { OnProgress } from "./progress.ts";

/** Options of everything that gets programs. */
export interface ObtainOptions {
  /** Told what is happening. Default: nobody. */
  readonly onProgress?: OnProgress;
  /** Where programs are kept. Default: the user's cache folder, see {@link cacheDirectory}. */
  readonly cache?: string;
}

/**
 * The folder that holds a set's programs: from the cache, else the vendor's download, else a build from Go
 * modules. `tried` are ways that were closed before this was asked. Throws {@link ToolchainError} when none is
 * open.
 */
export async function obtain(
  set: ProgramSet,
  options: ObtainOptions,
  tried: readonly ClosedWay[] = [],
): Promise<string> {
  const { onProgress = () => undefined, cache = cacheDirectory() } = options;
  const entry = { cache, name: set.name, version: set.version };
  return await cached(entry, (directory) => produce(set, directory, tried, onProgress), onProgress);
}

async function produce(
  set: ProgramSet,
  directory: string,
  triedBefore: readonly ClosedWay[],
  onProgress: OnProgress,
): Promise<void> {
  const tried = [...triedBefore];
  const ways = [
    { way: "the vendor's download", take: () => download(set, directory, onProgress) },
    { way: "a build from Go modules", take: () => buildFromGoModules(set, directory, onProgress) },
  ];
  for (const { way, take } of ways) {
    try {
      await take();
      requireComplete(set, directory);
      return;
    } catch (error) {
      if (!(error instanceof WayClosed)) throw error;
      tried.push({ way, reason: error.message });
      onProgress(`${set.title}: ${way} is closed (${error.message})`);
    }
  }
  throw new ToolchainError(
    `The ${set.title} ${set.version}`,
    tried,
    "Install Go 1.26 or newer and let it reach its module proxy, or let this machine reach the vendor's downloads; then run the same command again.",
  );
}

async function download(set: ProgramSet, directory: string, onProgress: OnProgress): Promise<void> {
  // Loaded by who downloads: HTTP client and archives are a tenth of a second of every command.
  const { downloadArtefact } = await import("./download.ts");
  const platform: Platform = `${process.platform}-${process.arch}`;
  const artefacts = set.downloads[platform];
  if (artefacts === undefined) throw new WayClosed(`none with a pinned checksum for ${platform}`);
  for (const artefact of artefacts) await downloadArtefact(artefact, directory, onProgress);
}

function requireComplete(set: ProgramSet, directory: string): void {
  const missing = set.programs.filter((program) => !existsSync(join(directory, program)));
  if (missing.length > 0) throw new WayClosed(`it lacks ${missing.join(", ")}`);
}
