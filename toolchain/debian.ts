import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExecaError, execa } from "execa";
import { WayClosed } from "./errors.ts";
import type { OnProgress } from "./progress.ts";

const timeoutMs = 120_000;
/** A mirror that does not answer is given up: whoever waits would rather go on without. */
const network = [
  "-o",
  "Acquire::http::Timeout=5",
  "-o",
  "Acquire::https::Timeout=5",
  "-o",
  "Acquire::Retries=0",
];

/** The release that this machine's libraries are of, such as `bookworm`; undefined when it has no apt. */
export async function debianRelease(): Promise<string | undefined> {
  const about = await readFile("/etc/os-release", "utf8").catch(() => "");
  return /^VERSION_CODENAME="?(\w+)"?$/m.exec(about)?.[1];
}

/**
 * Unpacks the first of `packages` that the system's release has, with what this machine lacks of its dependencies, below
 * `directory`: no root is needed, and nothing is installed. Throws {@link WayClosed} when none can be had.
 */
export async function unpackDebianPackage(
  packages: readonly string[],
  directory: string,
  onProgress: OnProgress,
): Promise<void> {
  const lists = await mkdtemp(join(tmpdir(), "apt-lists-"));
  const ownLists = ["-o", `Dir::State::lists=${lists}`, "-o", `Dir::Cache=${lists}`];
  try {
    // First with the lists that the system has; a fresh one has none.
    if (await unpackFirst(packages, directory, [], onProgress)) return;
    onProgress(`Asking the Debian mirror for ${packages.join(" or ")}`);
    await mkdir(join(lists, "partial"), { recursive: true });
    // Or it would take a mirror that does not answer for one that has nothing.
    await apt(["update", "-qq", "-o", "APT::Update::Error-Mode=any", ...ownLists], directory);
    if (await unpackFirst(packages, directory, ownLists, onProgress)) return;
    throw new WayClosed(`the release has no package ${packages.join(" or ")}`);
  } finally {
    await rm(lists, { recursive: true, force: true });
  }
}

async function unpackFirst(
  packages: readonly string[],
  directory: string,
  options: readonly string[],
  onProgress: OnProgress,
): Promise<boolean> {
  for (const name of packages) {
    const wanted = await missingPackages(name, directory, options);
    if (wanted.length === 0) continue;
    onProgress(`Fetching the Debian packages ${wanted.join(", ")}`);
    await apt(["download", "-qq", ...options, ...wanted], directory);
    for (const file of (await readdir(directory)).filter((each) => each.endsWith(".deb"))) {
      await run("dpkg", ["-x", file, "."], directory);
      await rm(join(directory, file));
    }
    return true;
  }
  return false;
}

/** The package and what it needs that is not installed; nothing when it is not known. */
async function missingPackages(name: string, cwd: string, options: readonly string[]): Promise<string[]> {
  const plan = await apt(["install", "-s", "--no-install-recommends", ...options, name], cwd).catch(() => "");
  return [...plan.matchAll(/^Inst (\S+)/gm)].flatMap(([, each]) => each ?? []);
}

const apt = (args: readonly string[], cwd: string): Promise<string> =>
  run("apt-get", [...network, ...args], cwd);

async function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await execa(program, args, {
      cwd,
      timeout: timeoutMs,
      env: { LC_ALL: "C" },
      stdin: "ignore",
    });
    return stdout;
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    const lastLine = String(error.stderr ?? "")
      .trim()
      .split("\n")
      .at(-1);
    throw new WayClosed(
      `\`${program} ${args.find((word) => !word.startsWith("-") && !word.includes("="))}\` failed: ${lastLine || error.shortMessage}`,
    );
  }
}
