/** What must be known of a cluster to start it again. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { ClusterSpec } from "./runtime.ts";

export interface ClusterRecord {
  spec: ClusterSpec;
  /** Port of the API server on 127.0.0.1. */
  port: number;
}

/** @returns undefined when there is none, or none that can be read */
export function readRecord(file: string): ClusterRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** Replaces the record in one step: a kill leaves the old or the new one. */
export function writeRecord(file: string, record: ClusterRecord): void {
  const written = `${file}.new`;
  writeFileSync(written, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  renameSync(written, file);
}
