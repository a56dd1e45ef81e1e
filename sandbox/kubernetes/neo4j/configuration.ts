/** From what the image would be started with to what is started here. Pure. */
import { neo4j } from "../../../catalog/engines.ts";
import { DATA_FOLDER } from "./image.ts";

/** What a server on one machine may have, whatever its node has. */
const PAGE_CACHE_MIB = 32;

/** Settings that say how large a server is, which does not hold here. */
const SIZES = /^(server|dbms|db)\.memory\./;

export interface HostPlace {
  /** Address that the server listens on. */
  readonly host: string;
  /** Folder of the server itself: what is not on its volume. */
  readonly home: string;
  /** What stands here for a folder of the container, by that folder's path. */
  readonly folders: ReadonlyMap<string, string>;
}

/** The lines of the server's `neo4j.conf`. */
export function hostConfiguration(settings: ReadonlyMap<string, string>, place: HostPlace): string {
  const here = [...settings]
    .filter(([name]) => !SIZES.test(name))
    .map(([name, value]): [string, string] => [name, pathHere(value, place.folders)]);
  const lines = new Map([
    ["server.directories.data", place.folders.get(DATA_FOLDER) ?? place.home],
    ...here,
    ["server.default_listen_address", place.host],
    ["server.bolt.listen_address", `${place.host}:${neo4j.boltPort}`],
    ["server.directories.run", `${place.home}/run`],
    ["server.memory.pagecache.size", `${PAGE_CACHE_MIB}m`],
    // Or it would wait 11 seconds for nobody before it ends.
    ["internal.server.bolt.thread_pool_shutdown_wait_time", "100ms"],
    ["internal.server.bolt.connection_shutdown_wait_time", "100ms"],
  ]);
  return [...lines].map(([name, value]) => `${name}=${value}\n`).join("");
}

function pathHere(value: string, folders: ReadonlyMap<string, string>): string {
  for (const [inContainer, here] of folders) {
    if (value === inContainer || value.startsWith(`${inContainer}/`))
      return `${here}${value.slice(inContainer.length)}`;
  }
  return value;
}
