import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readStat } from "../../../sandbox/daemon/process.ts";
import type { TestPlatform } from "./platform.ts";

/** Process of the engine that works on an environment, or did last. Throws when none has. */
const enginePid = ({ home }: TestPlatform): number =>
  JSON.parse(readFileSync(join(home.workOf("staging"), "engine.json"), "utf8")).pid;

const daemonPid = (platform: TestPlatform): number => platform.record().daemon.pid;

/** The processes that the engine has started: policy hosts, and the vendor's plugins where there are any. */
const pluginPids = (platform: TestPlatform): number[] => {
  const engine = enginePid(platform);
  return processes().filter((pid) => pid !== engine && readStat(pid)?.[3] === String(engine));
};

/** The processes of each victim, by what it is called; `command` is the command's process. */
const victims = {
  engine: (platform: TestPlatform) => [enginePid(platform)],
  command: (_platform: TestPlatform, command: number) => [command],
  plugins: pluginPids,
  sandbox: (platform: TestPlatform) => [daemonPid(platform)],
} satisfies Record<string, (platform: TestPlatform, command: number) => number[]>;

export type Victim = keyof typeof victims;

/** Kills, at once. What is gone already counts as killed. */
export function strike(
  platform: TestPlatform,
  command: number | undefined,
  who: readonly Victim[],
  signal: NodeJS.Signals = "SIGKILL",
): void {
  // A signal to process 0 would end the tests themselves.
  if (command === undefined) throw new Error("the command was not started");
  for (const pid of who.flatMap((victim) => victims[victim](platform, command))) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  }
}

/** The processes that work for this home, but for its sandbox: after a command has ended, there are none. Linux only. */
export function leftProcesses(platform: TestPlatform): string[] {
  const sandbox = familyOf(daemonPid(platform));
  return processes()
    .filter((pid) => pid !== process.pid && !sandbox.has(pid) && readStat(pid)?.[0] !== "Z")
    .filter((pid) => read(`/proc/${pid}/environ`).includes(`PLATFORM_HOME=${platform.home.root}\0`))
    .map((pid) => `${pid} ${read(`/proc/${pid}/cmdline`).replaceAll("\0", " ")}`);
}

function familyOf(ancestor: number): ReadonlySet<number> {
  const family = new Set([ancestor]);
  const all = processes().map((pid) => ({ pid, parent: Number(readStat(pid)?.[1]) }));
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return family;
}

const processes = (): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** A process may end while it is looked at. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
