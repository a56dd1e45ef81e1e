/** The loopback addresses of a server. */
import { randomInt } from "node:crypto";
import { isPortFree } from "../ports.ts";
import { type StorePlace, storePorts } from "./runtime.ts";

const ATTEMPTS = 100;

/**
 * Addresses of a /24 between 127.64.0.0 and 127.128.0.0 that nobody listens on. Linux answers on all of 127.0.0.0/8, so
 * that every server can have the managed service's own ports, and no name has to be resolved.
 * @throws when none was found
 */
export async function chooseFreePlace(
  taken: ReadonlySet<string>,
  ports: readonly number[] = [storePorts.pg, storePorts.valkey, storePorts.metrics],
): Promise<StorePlace> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const block = `127.${randomInt(64, 128)}.${randomInt(256)}`;
    const place = { publicHost: `${block}.1`, privateHost: `${block}.2`, serverHost: `${block}.3` };
    if (!taken.has(place.serverHost) && (await isFree(place, ports))) return place;
  }
  throw new Error(
    `No free addresses for a database server in ${ATTEMPTS} attempts: programs listen on the ports ${ports.join(", ")} of all of loopback.`,
  );
}

async function isFree({ serverHost, publicHost }: StorePlace, ports: readonly number[]): Promise<boolean> {
  const free = await Promise.all(
    [serverHost, publicHost].flatMap((host) => ports.map((port) => isPortFree(port, host))),
  );
  return free.every((each) => each);
}
