import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ExecaError, execa } from "execa";
import { WayClosed } from "./errors.ts";
import type { ProgramSet } from "./programs.ts";
import { type OnProgress, throttled } from "./progress.ts";

const modules = fileURLToPath(new URL("./go/", import.meta.url));

/**
 * Builds a set's programs from Go modules into `directory`, with the versions that its `go.mod` and `go.sum`
 * pin. Throws {@link WayClosed} when there is no Go, or when modules cannot be fetched or built.
 */
export async function buildFromGoModules(
  set: ProgramSet,
  directory: string,
  onProgress: OnProgress,
): Promise<void> {
  const module = join(modules, set.name);
  const title = `${set.title} ${set.version}`;
  await requireGo();
  const packages = Object.values(set.goPackages);
  const report = throttled(onProgress);
  const dependencies = await countDependencies(module, packages, (fetched) =>
    report(`Fetching the Go modules of ${title}: ${fetched} so far`),
  );
  let compiled = 0;
  const onCompiled = () => {
    compiled += 1;
    report(`Building ${title} from Go modules: ${compiled} of at most ${dependencies} packages`);
  };
  onProgress(`Building ${title} from Go modules (once, a few minutes)`);
  // One call for those whose program is named like its package: their common packages are compiled once, while
  // a program with another name needs an `-o` of its own.
  const named = Object.entries(set.goPackages).filter(([program, path]) => path.endsWith(`/${program}`));
  const others = Object.entries(set.goPackages).filter(([program, path]) => !path.endsWith(`/${program}`));
  const flags = ["build", "-v", "-trimpath", "-buildvcs=false", "-p", String(availableParallelism())];
  // The linker would strip what debuggers read (-s -w): not to write it at all takes an eighth off the build.
  const stamp = ["-gcflags=all=-dwarf=false", "-ldflags", `-s -w ${set.goLinkerFlags}`];
  await runGo(
    [...flags, ...stamp, "-o", `${directory}/`, ...named.map(([, path]) => path)],
    module,
    onCompiled,
  );
  for (const [program, path] of others) {
    await runGo([...flags, ...stamp, "-o", join(directory, program), path], module, onCompiled);
  }
}

async function requireGo(): Promise<void> {
  await execa("go", ["version"]).catch(() => {
    throw new WayClosed("there is no `go` on the PATH");
  });
}

async function countDependencies(
  module: string,
  packages: readonly string[],
  onFetched: (fetched: number) => void,
): Promise<number> {
  let fetched = 0;
  const listing = await runGo(["list", "-deps", ...packages], module, (line) => {
    if (!line.startsWith("go: downloading")) return;
    fetched += 1;
    onFetched(fetched);
  });
  return listing.split("\n").length;
}

async function runGo(
  args: readonly string[],
  module: string,
  onErrorLine: (line: string) => void,
): Promise<string> {
  // cgo off: a machine without a C compiler builds too, and the programs run on any Linux.
  const run = execa("go", args, { cwd: module, env: { CGO_ENABLED: "0", GOWORK: "off" } });
  const lines = createInterface({ input: run.stderr });
  lines.on("line", onErrorLine);
  try {
    return (await run).stdout;
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    const lastLines = String(error.stderr ?? "")
      .trim()
      .split("\n")
      .slice(-3)
      .join(" / ");
    throw new WayClosed(`\`go ${args[0]}\` failed: ${lastLines || error.shortMessage}`);
  } finally {
    lines.close();
  }
}
