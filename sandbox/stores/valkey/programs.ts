/** Whether a Valkey server is here and can run. */
import type { ObtainOptions } from "../../../toolchain/obtain.ts";
import { ensureValkey, type ValkeyPrograms } from "../../../toolchain/valkey.ts";
import { type Available, available } from "../available.ts";
import { run, unprivileged } from "../privileges.ts";

/** A Valkey server's program, or why there is none that can run here. Never throws for want of it. */
export function findValkey(options: ObtainOptions): Promise<Available<ValkeyPrograms>> {
  return available(async () => {
    const programs = await ensureValkey(options);
    await run(unprivileged(programs.server, ["--version"], programs.environment), "/");
    return programs;
  });
}
