/** How Neo4j's programs are called here: Java, with the class path of all of them. */
import type { Neo4jPrograms } from "../../../toolchain/neo4j.ts";
import type { Command } from "../../processes/supervised-process.ts";
import { unprivileged } from "../../stores/privileges.ts";

/** What a server on one machine may have, whatever its node has. */
const HEAP_MIB = 256;

/** A quick start counts for more than what a compiler could make of a long run. */
const JAVA_OPTIONS = [
  ...["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", `-Xmx${HEAP_MIB}m`, "-XX:+ExitOnOutOfMemoryError"],
  ...["java.nio", "java.io", "sun.nio.ch"].flatMap((name) => [
    "--add-opens",
    `java.base/${name}=ALL-UNNAMED`,
  ]),
];

/** Folders of a server: what it is started in, and where its `neo4j.conf` is. */
export interface ServerFolders {
  readonly home: string;
  readonly configuration: string;
}

/** The server. It reads its configuration when it starts, and runs until it is told to end. */
export const serverCommand = (programs: Neo4jPrograms, folders: ServerFolders): Command =>
  java(programs, folders, [
    "org.neo4j.server.CommunityEntryPoint",
    `--home-dir=${folders.home}`,
    `--config-dir=${folders.configuration}`,
  ]);

/** `neo4j-admin` with its arguments, for a server that is stopped. What an argument `@FILE` stands for is in that file. */
export const adminCommand = (
  programs: Neo4jPrograms,
  folders: ServerFolders,
  args: readonly string[],
): Command => java(programs, folders, ["org.neo4j.cli.AdminTool", ...args]);

function java(
  { java: program, classPath }: Neo4jPrograms,
  { home, configuration }: ServerFolders,
  args: readonly string[],
): Command {
  return unprivileged(program, [...JAVA_OPTIONS, "-cp", classPath, ...args], {
    NEO4J_HOME: home,
    NEO4J_CONF: configuration,
  });
}
