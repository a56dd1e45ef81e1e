/** Running servers' programs as nobody: PostgreSQL's refuse to be root, and no server needs to be. */
import { ExecaError, execa } from "execa";
import { type Command, underSetpriv } from "../processes/supervised-process.ts";

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

export function unprivileged(
  program: string,
  args: string[],
  env: Readonly<Record<string, string>> = {},
): Command {
  return { program, args, env: { ...env }, privileges };
}

/** Runs a program to its end. @throws Error with what it said, when it fails */
export async function run(
  { program, args, env, privileges: options = [] }: Command,
  cwd: string,
): Promise<void> {
  const [file, words] = underSetpriv(options, program, args);
  try {
    await execa(file, words, { cwd, env, stdin: "ignore" });
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    throw new Error(`${program} failed: ${String(error.stderr || error.shortMessage).trim()}`);
  }
}
