/** Finding and ending processes of a server or a cluster, whoever started them. */
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A process as the system describes it. */
export interface ProcessDescription {
  pid: number;
  /** Program and arguments. */
  argv: string[];
}

/** All processes this user may see: from /proc, or from `ps` where there is none. */
export async function listProcesses(): Promise<ProcessDescription[]> {
  let entries: string[];
  try {
    entries = await readdir("/proc");
  } catch {
    return listWithPs();
  }
  const pids = entries.filter((entry) => /^\d+$/.test(entry));
  if (pids.length === 0) return listWithPs();
  const found = await Promise.all(pids.map(describeFromProc));
  return found.filter((process) => process !== undefined);
}

async function describeFromProc(pid: string): Promise<ProcessDescription | undefined> {
  try {
    const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8");
    const argv = commandLine.split("\0").slice(0, -1);
    return argv.length === 0 ? undefined : { pid: Number(pid), argv };
  } catch {
    return undefined; // It ended meanwhile, or is somebody else's.
  }
}

async function listWithPs(): Promise<ProcessDescription[]> {
  const { stdout } = await run("ps", ["-axww", "-o", "pid=,command="], { maxBuffer: 16 * 1024 * 1024 });
  return stdout.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(.*)$/.exec(line);
    // Where one argument ends and the next begins it does not say: all of them are one here.
    const [, pid, command = ""] = match ?? [];
    const [program = ""] = command.split(" ");
    return pid === undefined ? [] : [{ pid: Number(pid), argv: [program, command] }];
  });
}

/**
 * Processes that run one of `programs` on behalf of what lives in `directory`: every command line names files in it, and
 * directories of clusters bear their UUID.
 */
export function processesOf(
  processes: readonly ProcessDescription[],
  directory: string,
  programs: readonly string[],
): ProcessDescription[] {
  const names = new Set(programs.map((program) => path.basename(program)));
  const inside = `${directory}${path.sep}`;
  return processes.filter(
    ({ argv: [program, ...args] }) =>
      program !== undefined &&
      names.has(path.basename(program)) &&
      args.some((argument) => argument.includes(inside)),
  );
}

/** Whether a process with this id exists. A zombie does until its parent has noticed. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/**
 * Kills processes at once and waits until they are gone, so that their ports and files are free.
 * @throws when one is still there after `timeoutMs` (default 10 s)
 */
export async function killProcesses(pids: readonly number[], timeoutMs = 10_000): Promise<void> {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Gone already, which is what is wanted.
    }
  }
  const deadline = Date.now() + timeoutMs;
  while (pids.some(isAlive)) {
    if (Date.now() > deadline) {
      throw new Error(
        `Processes ${pids.filter(isAlive).join(", ")} of an earlier run do not end, even when killed. End them by hand, then try again.`,
      );
    }
    await delay(20);
  }
}
