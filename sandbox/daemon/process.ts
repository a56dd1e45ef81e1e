import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * A process named so that its number cannot be mistaken for a later process that was given the same one.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process began, in the operating system's own terms: compared, never interpreted. */
  readonly startTime: string;
}

/** The process that runs this code. */
export function thisProcess(): ProcessIdentity {
  return identityOf(process.pid) ?? { pid: process.pid, startTime: "unknown" };
}

/** The identity of a running process; nothing when there is none (a zombie counts as none). */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const startTime = process.platform === "linux" ? linuxStartTime(pid) : psStartTime(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

/** Whether exactly this process still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identityOf(identity.pid)?.startTime === identity.startTime;
}

/**
 * Sends a signal to exactly this process, if it still runs.
 *
 * @returns Whether there was a process to send it to.
 */
export function signal(identity: ProcessIdentity, name: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    process.kill(identity.pid, name);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}

/**
 * Waits until the process is gone.
 *
 * @param timeoutMs How long to wait at most.
 * @returns Whether it went within that time.
 */
export async function waitUntilGone(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isAlive(identity)) {
    if (Date.now() >= deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}

/** Ends a process: asks, waits, then insists. Returns once it is gone. */
export async function endProcess(identity: ProcessIdentity, graceMs: number): Promise<void> {
  if (signal(identity, "SIGTERM") && !(await waitUntilGone(identity, graceMs))) {
    signal(identity, "SIGKILL");
    await waitUntilGone(identity, 5_000);
  }
}

/** Field 22 of `/proc/<pid>/stat` (clock ticks since boot). The name in field 2 may hold spaces and brackets. */
function linuxStartTime(pid: number): string | undefined {
  const fields = readStat(pid);
  return fields === undefined || fields[0] === "Z" ? undefined : fields[19];
}

/** The fields of `/proc/<pid>/stat` from the third (state) on. */
export function readStat(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

function psStartTime(pid: number): string | undefined {
  try {
    const line = execFileSync("ps", ["-o", "state=,lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return line === "" || line.startsWith("Z") ? undefined : line.replace(/^\S+\s+/, "");
  } catch {
    return undefined;
  }
}
