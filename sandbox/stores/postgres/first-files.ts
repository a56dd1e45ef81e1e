/**
 * The files that a server begins with: an empty cluster's, or another server's as they were at some moment. Copies are made
 * of a server's files as they were before it ran for the first time, and of its log since, which it keeps.
 */
import { chownSync, existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { run, serverOwner, unprivileged } from "../privileges.ts";
import type { StoreAddress, StoreSpec } from "../runtime.ts";
import { readRecord, recordIn } from "./record.ts";
import { SERVICE_DATABASE, SUPERUSER, superuserOf } from "./superuser.ts";

/** How much of its log a server keeps; one that has written more since it was made cannot be copied any more. */
export const KEPT_LOG = "4GB";

/** The folders of a server below its own. */
export const dataIn = (directory: string): string => path.join(directory, "data");
export const baseIn = (directory: string): string => path.join(directory, "base");
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

/** Removes what a server began with and what has become of it. */
export async function removeFiles(directory: string): Promise<void> {
  for (const folder of [dataIn(directory), baseIn(directory)])
    await rm(folder, { recursive: true, force: true });
}

/** Where a copy comes from. */
export interface CopySource extends StoreAddress {
  /** Of the store that is copied. */
  readonly directory: string;
  /** The service's own password of the one and the other. */
  readonly superuserPassword: string;
}

/** @param directory Of the store that is copied. @throws Error when what is to be copied has no server here */
export function copySource(origin: StoreAddress, directory: string): CopySource {
  const record = readRecord(recordIn(directory));
  if (record === undefined || !existsSync(baseIn(directory)))
    throw new Error("What it is to be a copy of has no server here, or one of an earlier sandbox's.");
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
  const log = logIn(dataIn(source.directory));
  // A moment is only found in the log when something was written after it, and to the disk: that is a commit of something.
  const { place, superuserPassword: password } = source;
  const asSuperuser = superuserOf({ place, password, authority: authority.certificate });
  await asSuperuser(SERVICE_DATABASE, (client) =>
    client.query("SELECT pg_logical_emit_message(true, 'sandbox', 'copied')"),
  );
  const kept = await keptSince(source, await firstLogOf(source));
  await makeFolder(dataIn(directory), async (data) => {
    await copyFirstFiles(directory, source, data, "recovery.signal");
    const files = kept.map((name) => path.join(log, name));
    await run(unprivileged("cp", ["--target-directory", logIn(data), ...files]), directory);
  });
}

/** Its presence makes a server a standby, when it starts; a promoted one removes it. */
export const standbySignalIn = (directory: string): string => path.join(dataIn(directory), "standby.signal");

/**
 * Makes the files that another server began with: the server that is started on them asks the other for its log.
 * @throws Error when the other's log no longer reaches back to its beginning
 */
export async function makeStandby(directory: string, source: CopySource): Promise<void> {
  await keptSince(source, await firstLogOf(source));
  await makeFolder(dataIn(directory), (data) =>
    copyFirstFiles(directory, source, data, path.basename(standbySignalIn(directory))),
  );
}

/** @throws Error when a standby that comes back has missed more of the other's log than that keeps */
export async function checkStandbyLog(directory: string, source: CopySource): Promise<void> {
  const reached = await logFiles(logIn(dataIn(directory)));
  await keptSince(
    source,
    reached.findLast((name) => !name.endsWith(".history")),
  );
}

/** Where a server's log begins that its first files need. */
async function firstLogOf({ directory }: CopySource): Promise<string | undefined> {
  return (await logFiles(logIn(baseIn(directory))))[0];
}

/** The log that a server has kept. @throws Error when it does not reach back to that file of it */
async function keptSince({ directory }: CopySource, file: string | undefined): Promise<string[]> {
  const kept = await logFiles(logIn(dataIn(directory)));
  // The same place in the log, though a restored server goes on from there on a timeline of its own, which the name tells too.
  const place = (name: string) => name.slice(8);
  if (file !== undefined && kept.some((name) => place(name) === place(file))) return kept;
  throw new Error(
    `What it is to be a copy of has written more than ${KEPT_LOG} of log since, and keeps no more than that.`,
  );
}

/** @param signal Name of the empty file that says what the server is to do with them. */
async function copyFirstFiles(
  directory: string,
  source: CopySource,
  data: string,
  signal: string,
): Promise<void> {
  const base = baseIn(source.directory);
  await copy(base, data);
  const file = path.join(data, signal);
  await writeFile(file, "");
  if (serverOwner !== undefined) chownSync(file, serverOwner, serverOwner);
  // It never changes: two servers may have the same.
  await makeFolder(baseIn(directory), (ownBase) => copy(base, ownBase, ["--link"]));
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
