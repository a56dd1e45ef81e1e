import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * A home for the engine (`PULUMI_HOME`) in which it keeps no logs, with the operator's plugins in it.
 *
 * By itself the engine writes all that it does, in every detail and encrypted, into the folder `logs` of its home, for
 * Pulumi's support to read: up to 5 MB a run and 500 MB in all, for a third of its processor time. It has no switch for
 * that, and goes without where it cannot have the folder: a file is in its place. What happens in the sandbox can be had
 * again at any time; in DigitalOcean the engine has the operator's own home, and keeps its logs there.
 *
 * @param folder Where to put it. An engine that a killed command has left may still be at work with it.
 * @param env Says where the operator's own is.
 * @returns The folder.
 */
export function quietHome(folder: string, env: NodeJS.ProcessEnv): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, "logs"), "", { mode: 0o600 });
  const plugins = join(env.PULUMI_HOME || join(homedir(), ".pulumi"), "plugins");
  const link = join(folder, "plugins");
  rmSync(link, { force: true });
  if (existsSync(plugins)) symlinkSync(plugins, link);
  return folder;
}
