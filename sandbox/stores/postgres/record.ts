/** What must be known of a server to start it again. */
import path from "node:path";
import { readJson, replaceFile } from "../../home.ts";
import type { Contents } from "./contents.ts";

export interface PostgresRecord {
  /** The service's own, which nobody else is told. */
  readonly superuserPassword: string;
  /** What was carried out last. Absent until the server has served for the first time. */
  readonly applied?: Contents;
  /** Why the last upgrade could not be, for people, until one can. */
  readonly failedUpgrade?: string | undefined;
}

/** The record's file in a store's own folder. */
export const recordIn = (directory: string): string => path.join(directory, "store.json");

/** @returns undefined when there is none */
export const readRecord = (file: string): PostgresRecord | undefined => readJson(file);

export function writeRecord(file: string, record: PostgresRecord): void {
  replaceFile(file, `${JSON.stringify(record)}\n`);
}
