import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { containerImages } from "../../catalog/images.ts";
import { ToolchainError } from "../../toolchain/errors.ts";
import { ensureNeo4j, neo4jVersion } from "../../toolchain/neo4j.ts";
import { temporaryDirectory } from "./fixtures.ts";

afterEach(() => vi.unstubAllEnvs());

/** The only programs there are, as scripts of the shell. */
async function onlyPrograms(scripts: Readonly<Record<string, string>>): Promise<void> {
  const folder = await temporaryDirectory();
  for (const [name, script] of Object.entries(scripts))
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  vi.stubEnv("PATH", folder);
}

const java = (release: string) =>
  `echo "    java.home = /opt/java" >&2; echo "    java.specification.version = ${release}" >&2`;

/** A Maven that fetches one archive, which is not the one that is pinned. */
const forgingMaven = `
for word in "$@"; do case "$word" in -DoutputDirectory=*) /bin/mkdir -p "\${word#*=}"; cd "\${word#*=}"; esac; done
case "$1" in --batch-mode) echo forged > neo4j-${neo4jVersion()}.jar; echo strange > stranger.jar ;; esac`;

const refusal = async (cache: string) => {
  const error = await ensureNeo4j({ cache }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ToolchainError);
  return String(error);
};

it("is the version of the images, so that what runs here is what is deployed", () => {
  expect(containerImages.neo4jCommunity.tag).toBe(`${neo4jVersion()}-community`);
});

it("is thrown away where an archive differs from its checksum, is not pinned or is missing", async () => {
  await onlyPrograms({ java: java("17"), mvn: forgingMaven });
  const cache = await temporaryDirectory();
  const text = await refusal(cache);
  expect(text).toMatch(/stranger\.jar is not pinned; .+\.jar is missing/);
  expect(text).toContain("thrown away, do not trust it");
  expect(await readdir(join(cache, "neo4j"))).toEqual([]);
});

it("says what is wrong with the Java and the Maven of this machine, and what to install", async () => {
  const cache = await temporaryDirectory();
  await onlyPrograms({});
  expect(await refusal(cache)).toMatch(/no `java` on the PATH[\s\S]*apt-get install maven/);
  await onlyPrograms({ java: java("11") });
  expect(await refusal(cache)).toContain("is 11, and Neo4j runs on 17 or 21");
  await onlyPrograms({ java: java("17") });
  expect(await refusal(cache)).toContain("no `mvn` on the PATH");
  await onlyPrograms({
    java: java("21"),
    mvn: 'case "$1" in --batch-mode) echo "[ERROR] no route to anywhere"; exit 1 ;; esac',
  });
  expect(await refusal(cache)).toContain("`mvn` failed: no route to anywhere");
});
