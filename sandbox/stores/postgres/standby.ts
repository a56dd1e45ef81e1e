/** A server that follows another: how it knows that other, how far behind it is, and how it goes its own way. */
import { setTimeout as delay } from "node:timers/promises";
import type { KeyPair } from "../../certificates.ts";
import { replaceFile } from "../../home.ts";
import type { CopySource } from "./first-files.ts";
import { type AsSuperuser, SERVICE_DATABASE, SUPERUSER, superuserOf } from "./superuser.ts";

const POLL_MS = 25;

/** Writes down how the server gets in at its primary. */
export function writePrimaryAccess(
  files: { readonly primaryPassword: string; readonly authority: string },
  { superuserPassword }: CopySource,
  authority: KeyPair,
): void {
  // A password file's fields; made of letters that need no escape there.
  replaceFile(files.primaryPassword, `*:*:*:${SUPERUSER}:${superuserPassword}\n`);
  replaceFile(files.authority, authority.certificate);
}

/** Resolves when a standby holds what its primary held when it was asked. Rejects when either does not answer. */
export async function catchUp(
  standby: AsSuperuser,
  { place, superuserPassword }: CopySource,
  authority: KeyPair,
  signal: AbortSignal,
): Promise<void> {
  const primary = superuserOf({ place, password: superuserPassword, authority: authority.certificate });
  const wanted = await primary(SERVICE_DATABASE, async (client) => {
    const { rows } = await client.query<{ at: string }>("SELECT pg_current_wal_flush_lsn()::text AS at");
    return rows[0]?.at;
  });
  await standby(SERVICE_DATABASE, async (client) => {
    const query = "SELECT FROM pg_last_wal_replay_lsn() AS at WHERE at >= $1::pg_lsn";
    while ((await client.query(query, [wanted])).rowCount === 0) await delay(POLL_MS, undefined, { signal });
  });
}

/** Ends the following: from here on the server takes writes. */
export async function promote(standby: AsSuperuser): Promise<void> {
  const { rows } = await standby(SERVICE_DATABASE, (client) =>
    client.query<{ done: boolean }>("SELECT pg_promote() AS done"),
  );
  if (rows[0]?.done !== true) throw new Error("PostgreSQL could not be promoted within a minute.");
}
