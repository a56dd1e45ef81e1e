import { hostname } from "node:os";
import { ConcurrentUpdateError, type Stack } from "@pulumi/pulumi/automation/index.js";
import { identityOf } from "../../sandbox/daemon/process.ts";
import { failure } from "../exit.ts";

/** Who holds a stack's lock, as Pulumi's own backends write it. */
interface StackLock {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
}

/** Reads the holders from the engine's complaint: `created by root@laptop (pid 4711) at 2026-11-21T09:00:00Z`. */
export function parseLocks(complaint: string): StackLock[] {
  return [...complaint.matchAll(/created by ([^@\s]+)@(\S+) \(pid (\d+)\)/g)].map(([, user, host, pid]) => ({
    user: user ?? "",
    host: host ?? "",
    pid: Number(pid),
  }));
}

/** Whether the process that took the lock is surely gone: it ran on this machine, and runs no more. */
export const isDead = (lock: StackLock): boolean =>
  lock.host === hostname() && identityOf(lock.pid) === undefined;

/**
 * Does something that needs the stack's lock. A lock whose holder was killed is taken away first; one whose holder
 * lives, or may live on another machine, is respected.
 *
 * @throws PlatformError that names the holder.
 */
export async function withStackLock<T>(
  stack: Stack,
  operation: () => Promise<T>,
  onProgress: (line: string) => void,
): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (!(error instanceof ConcurrentUpdateError)) throw error;
    const locks = parseLocks(error.message);
    const living = locks.filter((lock) => !isDead(lock));
    if (locks.length === 0 || living.length > 0) throw lockedElsewhere(stack.name, living, error);
    onProgress(
      `Taking away the lock of process ${locks.map(({ pid }) => pid).join(", ")}, which was killed.`,
    );
    await stack.cancel();
    return operation();
  }
}

function lockedElsewhere(environment: string, living: readonly StackLock[], cause: unknown): Error {
  const holders = living.map(({ user, host, pid }) => `process ${pid} of ${user} on ${host}`).join(" and ");
  return failure(
    `${environment} is being worked on by ${holders || "somebody else"}.\n` +
      "Wait until that is done. If it is surely gone, take its lock away with " +
      `"pulumi cancel --stack ${environment}" and run this again.`,
    cause,
  );
}
