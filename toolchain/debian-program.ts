import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory, cached } from "./cache.ts";
import { debianRelease, unpackDebianPackage } from "./debian.ts";
import { type ClosedWay, ToolchainError, WayClosed } from "./errors.ts";
import type { ObtainOptions } from "./obtain.ts";

/** A program that the system has, or one of its packages. */
export interface DebianProgram {
  /** Absolute path. */
  readonly program: string;
  /** Environment it needs to find its libraries. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What is wanted. */
export interface WantedProgram {
  /** As a sentence begins with it: "A Valkey server". */
  readonly title: string;
  /** Its folder in the cache. */
  readonly name: string;
  /** The program and its package bear the same name: the first of these that is to be had. */
  readonly names: readonly string[];
  /** What to do when there is none. */
  readonly remedy: string;
}

/** Debian's folders of programs; the second is on nobody's PATH but root's. */
const programFolders = ["usr/bin", "usr/sbin"];

/**
 * A program from the PATH, else the cache, else the system's Debian packages, unpacked into the cache without root. Throws
 * `ToolchainError` when it cannot be had.
 */
export async function ensureDebianProgram(
  { title, name, names, remedy }: WantedProgram,
  options: ObtainOptions = {},
): Promise<DebianProgram> {
  const systemFolders = programFolders.map((folder) => join("/", folder));
  const installed = findIn([...(process.env.PATH ?? "").split(":"), ...systemFolders], names);
  if (installed !== undefined) return { program: installed, environment: {} };
  const { onProgress = () => undefined, cache = cacheDirectory() } = options;
  const tried: ClosedWay[] = [{ way: `${names.join(" or ")} on the PATH`, reason: "there is none" }];
  const unpackedIn = (folder: string) =>
    findIn(
      programFolders.map((each) => join(folder, each)),
      names,
    );
  const release = await debianRelease();
  try {
    const folder = await cached(
      { cache, name, version: release ?? "unknown" },
      async (directory) => {
        await unpackDebianPackage(names, directory, onProgress);
        if (unpackedIn(directory) === undefined) throw new WayClosed("the package holds no such program");
      },
      onProgress,
    );
    const program = unpackedIn(folder);
    if (program !== undefined)
      return { program, environment: { LD_LIBRARY_PATH: librariesIn(folder).join(":") } };
  } catch (error) {
    if (!(error instanceof WayClosed)) throw error;
    tried.push({ way: "the Debian package", reason: error.message });
  }
  throw new ToolchainError(title, tried, remedy);
}

function findIn(folders: readonly string[], names: readonly string[]): string | undefined {
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Debian keeps libraries in a folder named after the architecture. */
function librariesIn(folder: string): string[] {
  return ["usr/lib", "lib"]
    .map((each) => join(folder, each))
    .filter((each) => existsSync(each))
    .flatMap((each) => readdirSync(each).map((name) => join(each, name)))
    .filter((each) => each.endsWith("-linux-gnu"));
}
