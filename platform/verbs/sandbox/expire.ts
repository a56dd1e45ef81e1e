import type { ExpiryReport } from "../../../sandbox/daemon/client.ts";
import { type ExitStatus, exitStatus } from "../../exit.ts";
import type { Output } from "../../report/output.ts";
import { runningSandbox } from "./running.ts";

/** What the nights are counted in. */
export interface SandboxExpireOptions {
  /** How many days ahead. */
  readonly days: number;
}

/** Lets the lifecycle rules of all buckets act as the nights of the next days would. */
export async function runSandboxExpire({ days }: SandboxExpireOptions, output: Output): Promise<ExitStatus> {
  const expired = await runningSandbox().client.expire(days);
  output.result({ days, expired }, expiryText(days, expired));
  return exitStatus.done;
}

/** What went, a line a bucket. */
export function expiryText(days: number, expired: ExpiryReport): string {
  if (expired.length === 0) return `Nothing expires within ${days} days.`;
  return expired
    .map(({ bucket, hidden, removed, uploads }) => {
      const parts = [
        ...(hidden === 0 ? [] : [`${hidden} hidden by a delete marker`]),
        ...(removed === 0 ? [] : [`${removed} gone for good`]),
        ...(uploads === 0 ? [] : [`${uploads} unfinished uploads aborted`]),
      ];
      return `${bucket}: ${parts.join(", ")}`;
    })
    .join("\n");
}
