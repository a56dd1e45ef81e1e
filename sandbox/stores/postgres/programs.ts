/** Running PostgreSQL's programs, which refuse to be root. */
import { ExecaError, execa } from "execa";
import type { ObtainOptions } from "../../../toolchain/obtain.ts";
import { ensurePostgres, type PostgresPrograms } from "../../../toolchain/postgres.ts";
import type { Command } from "../../processes/supervised-process.ts";
import type { Available } from "../stores.ts";

/** Nobody, on every Linux. */
const UNPRIVILEGED_ID = 65_534;

/** Who a server's files must belong to, where that is not this process's user. */
export const serverOwner: number | undefined = process.getuid?.() === 0 ? UNPRIVILEGED_ID : undefined;

/**
 * Root starts it as nobody, who may search and read (the sandbox's folders and the cache are private), and nothing else of
 * what root may.
 */
const privileges: readonly string[] =
  serverOwner === undefined
    ? []
    : [
        ...["--reuid", String(serverOwner), "--regid", String(serverOwner), "--clear-groups"],
        // Else the system takes these rights away again when a program asks whether it may (access(2)).
        ...["--securebits", "+no_setuid_fixup", "--bounding-set", "-all,+dac_read_search"],
        ...["--inh-caps", "-all,+dac_read_search", "--ambient-caps", "-all,+dac_read_search"],
      ];

export function unprivileged(program: string, args: string[]): Command {
  return { program, args, env: {}, privileges };
}

/** Runs a program to its end. @throws Error with what it said, when it fails */
export async function run({ program, args, privileges: options = [] }: Command, cwd: string): Promise<void> {
  const [file, words] = options.length === 0 ? [program, args] : ["setpriv", [...options, program, ...args]];
  try {
    await execa(file, words, { cwd, stdin: "ignore" });
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    throw new Error(`${program} failed: ${String(error.stderr || error.shortMessage).trim()}`);
  }
}

/** PostgreSQL's programs, or why there are none that can run here. Never throws for want of them. */
export async function findPostgres(options: ObtainOptions): Promise<Available<PostgresPrograms>> {
  if (process.platform !== "linux") return { reason: "its servers need Linux, which has all of 127.0.0.0/8" };
  try {
    const programs = await ensurePostgres(options);
    await run(unprivileged(programs.postgres, ["--version"]), "/");
    return { programs };
  } catch (error) {
    if (error instanceof Error) return { reason: error.message };
    throw error;
  }
}
