import { addressAt, parseRange } from "../ranges.ts";
import type { Store } from "../store/store.ts";
import { unprocessable } from "./errors.ts";
import type { Identity } from "./family.ts";

interface Lease {
  readonly key: string;
  readonly holder: Identity;
}

/** Where the public addresses of the sandbox come from: a range that no network routes (RFC 2544). */
const publicRange = "198.18.0.0/15";

const collection = (store: Store) => store.collection<Lease>("addresses");

/** The first two addresses of a network are its own and its gateway's; the last is its broadcast address. */
const firstOffset = 2;

/**
 * Leases a free address of a VPC to something, until {@link releaseAddresses}.
 * @throws ApiError 422 when the range is full.
 */
export function leasePrivateAddress(
  store: Store,
  vpc: { readonly id: string; readonly name: string; readonly ip_range: string },
  holder: Identity,
): string {
  const address = lease(store, vpc.id, vpc.ip_range, holder);
  if (address === undefined)
    throw unprocessable(`vpc_uuid: no address is left in ${vpc.ip_range} of ${vpc.name}`);
  return address;
}

/** Leases a public address to something, until {@link releaseAddresses}. */
export function leasePublicAddress(store: Store, holder: Identity): string {
  const address = lease(store, "public", publicRange, holder);
  if (address === undefined) throw unprocessable("No public address is left in the sandbox.");
  return address;
}

function lease(store: Store, network: string, cidr: string, holder: Identity): string | undefined {
  const range = parseRange(cidr);
  if (range === undefined) return undefined;
  for (let offset = firstOffset; addressAt(range, offset + 1) !== undefined; offset += 1) {
    const address = addressAt(range, offset) ?? "";
    const key = `${network}/${address}`;
    if (collection(store).get(key) !== undefined) continue;
    collection(store).put(key, { key, holder });
    return address;
  }
  return undefined;
}

/** Gives back every address something holds. */
export function releaseAddresses(store: Store, holder: Identity): void {
  const held = collection(store)
    .list()
    .filter((lease) => lease.holder.kind === holder.kind && lease.holder.id === holder.id);
  for (const { key } of held) collection(store).delete(key);
}
