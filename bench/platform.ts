import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const launcher = fileURLToPath(new URL("../platform/bin/platform.js", import.meta.url));

/** Process ids of the commands that run now. */
export const running = new Set<number>();

/** Runs the `platform` command as a user does, and fails when it does. Its last words are part of the error. */
export const platform = (home: string, ...args: readonly string[]): Promise<void> =>
  platformStatus(home, 0, ...args);

/** Runs the command, and fails when it ends with another status than it should. */
export async function platformStatus(
  home: string,
  expected: number,
  ...args: readonly string[]
): Promise<void> {
  const child = spawn(process.execPath, [launcher, ...args], {
    env: { ...process.env, PLATFORM_HOME: home },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const { pid } = child;
  if (pid !== undefined) running.add(pid);
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2_000);
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (pid !== undefined) running.delete(pid);
  if (status !== expected) throw new Error(`platform ${args.join(" ")} ended with ${status}:\n${said}`);
}
