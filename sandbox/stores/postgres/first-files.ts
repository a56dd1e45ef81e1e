/**
 * The files that a server begins with: an empty cluster's, or another server's as they were at some moment. Copies are made
 * of a server's files as they were before it ran for the first time, and of its log since, which it keeps.
 */
import { chownSync, existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { run, serverOwner, unprivileged } from "../privileges.ts";
import type { StoreOrigin, StoreSpec } from "../runtime.ts";
import { readRecord, recordIn } from "./record.ts";
import { SERVICE_DATABASE, SUPERUSER, superuserOf } from "./superuser.ts";

/** How much of its log a server keeps; one that has written more since it was made cannot be copied any more. */
export const KEPT_LOG = "4GB";

/** The folders of a server below its own. */
export const dataIn = (directory: string): string => path.join(directory, "data");
const baseIn = (directory: string): string => path.join(directory, "base");
const logIn = (data: string): string => path.join(data, "pg_wal");

/** A folder that only the servers enter. */
export async function makeServerFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (serverOwner !== undefined) chownSync(folder, serverOwner, serverOwner);
}

/**
 * Makes an empty cluster, and sets a copy of it aside.
 * @param superuserPassword The service's own.
 */
export async function makeEmpty(directory: string, initdb: string, superuserPassword: string): Promise<void> {
  const passwordFile = path.join(directory, "superuser");
  await makeFolder(dataIn(directory), async (data) => {
    await writeFile(passwordFile, superuserPassword, { mode: 0o600 });
    const options = [
      ...["--pgdata", data, "--username", SUPERUSER, "--pwfile", passwordFile, "--auth", "scram-sha-256"],
      // The same on every machine, whatever locales it has.
      ...[
        "--encoding",
        "UTF8",
        "--locale",
        "C",
        "--locale-provider",
        "builtin",
        "--builtin-locale",
        "C.UTF-8",
      ],
      ...["--wal-segsize", "1", "--no-sync", "--no-instructions"],
    ];
    try {
      await run(unprivileged(initdb, options), directory);
    } finally {
      await rm(passwordFile, { force: true });
    }
    await makeFolder(baseIn(directory), (base) => copy(data, base));
  });
}

/** Where a copy comes from. */
export interface CopySource extends StoreOrigin {
  /** Of the store that is copied. */
  readonly directory: string;
  /** The service's own password of the one and the other. */
  readonly superuserPassword: string;
}

/** @throws Error when what is to be copied has no server here */
export function copySource(origin: StoreOrigin, directory: string): CopySource {
  const record = readRecord(recordIn(directory));
  if (record === undefined || !existsSync(baseIn(directory)))
    throw new Error("What it is to be restored from has no server here, or one of an earlier sandbox's.");
  return { ...origin, directory, superuserPassword: record.superuserPassword };
}

/**
 * Makes the files of another server, and its log. The server that is started on them reads the log to the moment it is to
 * begin at, and begins there.
 * @throws Error when the other's log no longer reaches back to its beginning, or it does not answer
 */
export async function makeCopy(
  directory: string,
  source: CopySource,
  authority: StoreSpec["authority"],
): Promise<void> {
  const [base, log] = [baseIn(source.directory), logIn(dataIn(source.directory))];
  // A moment is only found in the log when something was written after it.
  const { place, superuserPassword: password } = source;
  const asSuperuser = superuserOf({ place, password, authority: authority.certificate });
  await asSuperuser(SERVICE_DATABASE, (client) => client.query("SELECT pg_current_xact_id()"));
  const [[first], kept] = await Promise.all([logFiles(logIn(base)), logFiles(log)]);
  if (first === undefined || !kept.includes(first))
    throw new Error(
      `What it is to be restored from has written more than ${KEPT_LOG} of log, which are kept.`,
    );
  await makeFolder(dataIn(directory), async (data) => {
    await copy(base, data);
    const files = kept.map((name) => path.join(log, name));
    await run(unprivileged("cp", ["--target-directory", logIn(data), ...files]), directory);
    const signal = path.join(data, "recovery.signal");
    await writeFile(signal, "");
    if (serverOwner !== undefined) chownSync(signal, serverOwner, serverOwner);
    // It never changes: two servers may have the same.
    await makeFolder(baseIn(directory), (ownBase) => copy(base, ownBase, ["--link"]));
  });
}

const copy = (from: string, to: string, options: string[] = []): Promise<void> =>
  run(unprivileged("cp", ["--archive", "--no-target-directory", ...options, from, to]), to);

/** A folder that gets its name only when it is complete. */
async function makeFolder(folder: string, fill: (partial: string) => Promise<void>): Promise<void> {
  const partial = `${folder}.partial`;
  for (const each of [folder, partial]) await rm(each, { recursive: true, force: true });
  await makeServerFolder(partial);
  await fill(partial);
  await rename(partial, folder);
}

/** The log's files, and those that say which of its timelines follows which. */
async function logFiles(log: string): Promise<string[]> {
  return (await readdir(log)).filter((name) => /^[0-9A-F]{24}$|^[0-9A-F]{8}\.history$/.test(name)).sort();
}
