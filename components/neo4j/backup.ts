import { neo4j as engine } from "../../catalog/engines.ts";
import { containerImages } from "../../catalog/images.ts";
import { imageReference } from "../image-reference.ts";
import type { Neo4jSizing } from "./arguments.ts";
import { folders } from "./configuration.ts";

/** The database that holds the data; `system` holds users and, in a cluster, the topology. */
export const database = "neo4j";

/** Where the container that makes a dump, or loads one, has the folder of dumps. */
export const dumpFolder = "/dumps";

/** How a server that is stopped is dumped, and has its data back from a dump: with the programs of its own image. */
export interface OfflineBackup {
  /** The server's image, in which the commands run. */
  readonly image: string;
  /** Where {@link Neo4jBackupSource.claims} belongs in that container: `/data`. */
  readonly dataFolder: string;
  /** Where the dumps belong: `/dumps`. */
  readonly dumpFolder: string;
  /** Writes `<database>.dump`, in place of one that is there. Refuses while a server has the database. */
  readonly dump: readonly string[];
  /** Puts the dump in the place of what the database holds. Refuses while a server has it. */
  readonly load: readonly string[];
}

/** Where a backup is to be had, for whoever makes them. */
export interface Neo4jBackupSource {
  /** `neo4j` holds the data; `system` holds users and topology. */
  readonly databases: readonly string[];
  /** `host:port` of each member of the enterprise edition, for `neo4j-admin database backup --from`. */
  readonly online?: readonly string[];
  /** The community edition has no online backup: its one server is scaled to 0 meanwhile. */
  readonly offline?: OfflineBackup;
  /** Claims of the servers' volumes, in the namespace. */
  readonly claims: readonly string[];
}

const offline: OfflineBackup = {
  image: imageReference(containerImages.neo4jCommunity),
  dataFolder: folders.data,
  dumpFolder,
  dump: [
    "neo4j-admin",
    "database",
    "dump",
    database,
    `--to-path=${dumpFolder}`,
    "--overwrite-destination=true",
  ],
  load: [
    "neo4j-admin",
    "database",
    "load",
    database,
    `--from-path=${dumpFolder}`,
    "--overwrite-destination=true",
  ],
};

/**
 * @param hosts of the members
 * @param claims of their volumes
 */
export function backupSource(
  { edition }: Pick<Neo4jSizing, "edition">,
  hosts: readonly string[],
  claims: readonly string[],
): Neo4jBackupSource {
  return {
    databases: [database, "system"],
    ...(edition === "enterprise"
      ? { online: hosts.map((host) => `${host}:${engine.backupPort}`) }
      : { offline }),
    claims,
  };
}
