import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory, cached } from "./cache.ts";
import { debianRelease, unpackDebianPackage } from "./debian.ts";
import { type ClosedWay, ToolchainError, WayClosed } from "./errors.ts";
import type { ObtainOptions } from "./obtain.ts";

/** A server that speaks Valkey's protocol. */
export interface ValkeyPrograms {
  /** Absolute path of `valkey-server`, or of `redis-server`, which Valkey was made from. */
  readonly server: string;
  /** Environment it needs to find its libraries. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Valkey itself where it is to be had, before what is compatible. */
const serverNames = ["valkey-server", "redis-server"];

/**
 * A Valkey server, or a Redis: from the PATH, else the cache, else the system's Debian packages, unpacked into the cache
 * without root. Throws `ToolchainError` when none can be had.
 */
export async function ensureValkey(options: ObtainOptions = {}): Promise<ValkeyPrograms> {
  const installed = findIn((process.env.PATH ?? "").split(":"));
  if (installed !== undefined) return { server: installed, environment: {} };
  const { onProgress = () => undefined, cache = cacheDirectory() } = options;
  const tried: ClosedWay[] = [{ way: `${serverNames.join(" or ")} on the PATH`, reason: "there is none" }];
  const release = await debianRelease();
  try {
    const folder = await cached(
      { cache, name: "valkey", version: release ?? "unknown" },
      async (directory) => {
        await unpackDebianPackage(serverNames, directory, onProgress);
        if (serverIn(directory) === undefined) throw new WayClosed("the package holds no server");
      },
      onProgress,
    );
    const server = serverIn(folder);
    if (server !== undefined)
      return { server, environment: { LD_LIBRARY_PATH: librariesIn(folder).join(":") } };
  } catch (error) {
    if (!(error instanceof WayClosed)) throw error;
    tried.push({ way: "the Debian package", reason: error.message });
  }
  throw new ToolchainError(
    "A Valkey server",
    tried,
    `Install one: \`apt-get install ${serverNames.at(-1)}\`, or your system's package of Valkey.`,
  );
}

const serverIn = (folder: string): string | undefined => findIn([join(folder, "usr/bin")]);

function findIn(folders: readonly string[]): string | undefined {
  return serverNames
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
