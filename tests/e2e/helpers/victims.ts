import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestPlatform } from "./platform.ts";

/** Process of the engine that works on an environment, or did last. Throws when none has. */
export const enginePid = ({ home }: TestPlatform, environment = "staging"): number =>
  JSON.parse(readFileSync(join(home.workOf(environment), "engine.json"), "utf8")).pid;

const kill = (...pids: number[]) => {
  for (const pid of pids) process.kill(pid, "SIGKILL");
};

/** Kills, at once, by what the victims are called; `command` is the command's process. */
export const killers: Record<string, (platform: TestPlatform, command: number) => void> = {
  engine: (platform) => kill(enginePid(platform)),
  command: (_platform, command) => kill(command),
  "engine and command": (platform, command) => kill(enginePid(platform), command),
  sandbox: (platform) => kill(platform.record().daemon.pid),
  "sandbox and engine": (platform) => kill(platform.record().daemon.pid, enginePid(platform)),
  "sandbox and command": (platform, command) => kill(platform.record().daemon.pid, command),
};
