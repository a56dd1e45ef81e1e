/** What must be known of a cluster to start it again. */
import { readFileSync } from "node:fs";
import { replaceFile } from "../home.ts";
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

export function writeRecord(file: string, record: ClusterRecord): void {
  replaceFile(file, `${JSON.stringify(record, null, 2)}\n`);
}
