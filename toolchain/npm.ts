import { existsSync, readFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ExecaError, execa } from "execa";
import { WayClosed } from "./errors.ts";
import type { OnProgress } from "./progress.ts";

/**
 * Folders of what is fetched from npm's registry when it is first wanted, and not with the checkout's own packages: a
 * `package.json`, and in its lock file the checksums of all that it resolves to.
 */
const npmModules = fileURLToPath(new URL("./npm/", import.meta.url));

/** The version of a package that a module pins. Fetches nothing. */
export function pinnedVersion(module: string, name: string): string {
  const file = join(npmModules, module, "package.json");
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(file, "utf8"));
  const version: unknown = { ...dependencies, ...optionalDependencies }[name];
  if (typeof version !== "string") throw new WayClosed(`${module} has no package ${name}`);
  return version;
}

/**
 * Lets npm install a module's packages below `directory`, each held against the checksum of the module's lock file.
 * Throws {@link WayClosed} when there is no npm, and when they cannot be fetched or differ.
 * @returns The folder of the package of that name.
 */
export async function fetchFromNpm(
  module: string,
  name: string,
  directory: string,
  onProgress: OnProgress,
): Promise<string> {
  onProgress(`Fetching ${name} ${pinnedVersion(module, name)} by npm`);
  for (const file of ["package.json", "package-lock.json"])
    await cp(join(npmModules, module, file), join(directory, file));
  // Beside the Node that runs this, where Node brings it; a daemon's PATH need not have it.
  const beside = join(dirname(process.execPath), "npm");
  const npm = existsSync(beside) ? beside : "npm";
  const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--legacy-peer-deps", "--loglevel=error"];
  try {
    await execa(npm, ["ci", "--prefix", directory, ...options], { cwd: directory, stdin: "ignore" });
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    if (error.code === "ENOENT") throw new WayClosed("there is no `npm` on the PATH");
    const reason = /^npm error (?!code )(.+)$/m.exec(String(error.stderr ?? ""))?.[1];
    throw new WayClosed(`\`npm ci\` failed: ${reason ?? error.shortMessage}`);
  }
  const folder = join(directory, "node_modules", name);
  if (!existsSync(folder))
    throw new WayClosed(`${name} is not made for this platform (${process.platform}-${process.arch})`);
  return folder;
}
