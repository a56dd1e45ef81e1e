/** What must be known of a server to start it again. */
import { readFileSync } from "node:fs";
import { replaceFile } from "../../home.ts";
import type { Contents } from "./contents.ts";

export interface PostgresRecord {
  /** The service's own, which nobody else is told. */
  readonly superuserPassword: string;
  /** What was carried out last. Absent until the server has served for the first time. */
  readonly applied?: Contents;
}

/** @returns undefined when there is none */
export function readRecord(file: string): PostgresRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

export function writeRecord(file: string, record: PostgresRecord): void {
  replaceFile(file, `${JSON.stringify(record)}\n`);
}
