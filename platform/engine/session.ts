import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { readStat } from "../../sandbox/daemon/process.ts";

/**
 * Ends, at once, every process of a session: the plugins and policy hosts that a killed engine leaves behind, which
 * would otherwise go on changing the cloud with nobody to record it. The engine is the leader of a session of its own.
 *
 * @param session Process id of the session's leader.
 */
export function killSession(session: number): void {
  for (const pid of membersOf(session)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  }
}

function membersOf(session: number): number[] {
  if (process.platform === "linux") {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => {
        const [state, , , sessionId] = readStat(pid) ?? [];
        return sessionId === String(session) && state !== "Z";
      });
  }
  return execFileSync("ps", ["-A", "-o", "pid=,sess="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, sessionId]) => sessionId === session)
    .map(([pid]) => pid)
    .filter((pid) => pid !== undefined);
}
