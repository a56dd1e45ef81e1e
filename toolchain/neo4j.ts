import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { cacheDirectory, cached } from "./cache.ts";
import { ToolchainError, WayClosed } from "./errors.ts";
import { fetchFromMaven, mavenModules } from "./maven.ts";
import type { ObtainOptions } from "./obtain.ts";

/** Neo4j's community edition, and what runs it. */
export interface Neo4jPrograms {
  /** Absolute path of a Java that it runs on. */
  readonly java: string;
  /** Class path of the server and of `neo4j-admin`. */
  readonly classPath: string;
  /** @example "5.26.12" */
  readonly version: string;
}

/** The releases of Java that Neo4j 5.26 is made for. */
const javaReleases = ["17", "21"];

/** The version that {@link ensureNeo4j} gives. Fetches nothing. */
export function neo4jVersion(): string {
  const pom = readFileSync(join(mavenModules, "neo4j", "pom.xml"), "utf8");
  const version = /<neo4j\.version>(.+)<\/neo4j\.version>/.exec(pom)?.[1];
  if (version === undefined) throw new Error("toolchain/maven/neo4j/pom.xml names no neo4j.version");
  return version;
}

/**
 * Neo4j's community edition: from the cache, else from Maven Central, by Maven. The enterprise edition is in no registry.
 * Throws `ToolchainError` when it cannot be had, or when there is no Java to run it.
 */
export async function ensureNeo4j(options: ObtainOptions = {}): Promise<Neo4jPrograms> {
  const { onProgress = () => undefined, cache = cacheDirectory() } = options;
  const version = neo4jVersion();
  const title = `Neo4j ${version}`;
  try {
    const java = await installedJava();
    const folder = await cached(
      { cache, name: "neo4j", version },
      (directory) => fetchFromMaven("neo4j", title, directory, onProgress),
      onProgress,
    );
    return { java, classPath: join(folder, "lib", "*"), version };
  } catch (error) {
    if (!(error instanceof WayClosed)) throw error;
    throw new ToolchainError(
      title,
      [{ way: "Maven Central", reason: error.message }],
      "Install Maven, which brings Java: `apt-get install maven`, or your system's package of that name; and let it reach its repository.",
    );
  }
}

/** The Java on the PATH. @throws WayClosed when there is none, or one that Neo4j was not made for */
async function installedJava(): Promise<string> {
  const asked = await execa("java", ["-XshowSettings:properties", "-version"], { reject: false });
  const property = (name: string) =>
    new RegExp(`^\\s*${name} = (.+)$`, "m").exec(asked.stderr ?? "")?.[1]?.trim();
  const [home, release] = [property("java.home"), property("java.specification.version")];
  if (home === undefined || release === undefined) throw new WayClosed("there is no `java` on the PATH");
  if (!javaReleases.includes(release))
    throw new WayClosed(
      `the \`java\` on the PATH is ${release}, and Neo4j runs on ${javaReleases.join(" or ")}`,
    );
  return join(home, "bin", "java");
}
