/** What must be known of a cluster to start it again. */
import { readJson, replaceFile } from "../home.ts";
import type { ClusterSpec } from "./runtime.ts";

export interface ClusterRecord {
  spec: ClusterSpec;
  /** Port of the API server on 127.0.0.1. */
  port: number;
}

/** @returns undefined when there is none, or none that can be read */
export const readRecord = (file: string): ClusterRecord | undefined => readJson(file);

export function writeRecord(file: string, record: ClusterRecord): void {
  replaceFile(file, `${JSON.stringify(record, null, 2)}\n`);
}
