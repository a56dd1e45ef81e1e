import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { ExecaError, execa } from "execa";
import { WayClosed } from "./errors.ts";
import { type OnProgress, throttled } from "./progress.ts";

/** Folders of what is fetched from Maven Central: a `pom.xml`, and the checksums of all that it resolves to. */
export const mavenModules = fileURLToPath(new URL("./maven/", import.meta.url));

/**
 * Lets Maven fetch what a module's `pom.xml` resolves to into `directory`, and holds it against the module's `SHA256SUMS`:
 * these archives, each of them and no other. Throws {@link WayClosed} when there is no Maven, when they cannot be fetched,
 * and when one differs; what Maven fetched besides is thrown away.
 */
export async function fetchFromMaven(
  module: string,
  title: string,
  directory: string,
  onProgress: OnProgress,
): Promise<void> {
  await execa("mvn", ["--version"]).catch(() => {
    throw new WayClosed("there is no `mvn` on the PATH");
  });
  const repository = join(directory, ".repository");
  const archives = join(directory, "lib");
  const report = throttled(onProgress);
  onProgress(`Fetching ${title} from Maven Central (once, about a minute)`);
  let files = 0;
  const fetching = execa(
    "mvn",
    [
      ...["--batch-mode", "--strict-checksums", "--file", join(mavenModules, module, "pom.xml")],
      ...[`-Dmaven.repo.local=${repository}`, `-DoutputDirectory=${archives}`, "-DincludeScope=runtime"],
      "dependency:copy-dependencies",
    ],
    { cwd: directory, stdin: "ignore" },
  );
  createInterface({ input: fetching.stdout }).on("line", (line) => {
    if (!/^(\[INFO\] )?Downloaded from /.test(line)) return;
    files += 1;
    report(`Fetching ${title} from Maven Central: ${files} files so far`);
  });
  try {
    await fetching;
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    throw new WayClosed(`\`mvn\` failed: ${reasonIn(String(error.stdout)) ?? error.shortMessage}`);
  }
  await verify(join(mavenModules, module, "SHA256SUMS"), archives);
  await rm(repository, { recursive: true, force: true });
}

/** Maven's first line about what went wrong; the others say where to read on. */
const reasonIn = (output: string): string | undefined => /^\[ERROR\] (.+)$/m.exec(output)?.[1];

async function verify(sumsFile: string, folder: string): Promise<void> {
  const pinned = new Map(
    (await readFile(sumsFile, "utf8"))
      .trim()
      .split("\n")
      .map((line) => {
        const [sum = "", name = ""] = line.split(/ +/);
        return [name, sum];
      }),
  );
  const there = await readdir(folder);
  const wrong = [
    ...there.filter((name) => !pinned.has(name)).map((name) => `${name} is not pinned`),
    ...[...pinned.keys()].filter((name) => !there.includes(name)).map((name) => `${name} is missing`),
  ];
  for (const name of there.filter((each) => pinned.has(each))) {
    const sum = await sha256(join(folder, name));
    if (sum !== pinned.get(name)) wrong.push(`${name} has SHA-256 ${sum}, pinned is ${pinned.get(name)}`);
  }
  if (wrong.length > 0) throw new WayClosed(`${wrong.slice(0, 3).join("; ")}: thrown away, do not trust it`);
}

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
