/** Whether the servers' programs are here and can run. None of these throws for want of them. */
import type { DebianProgram } from "../../toolchain/debian-program.ts";
import type { ObtainOptions } from "../../toolchain/obtain.ts";
import { ensurePgbouncer } from "../../toolchain/pgbouncer.ts";
import { ensurePostgres, type PostgresPrograms } from "../../toolchain/postgres.ts";
import { ensureValkey } from "../../toolchain/valkey.ts";
import { type Available, available } from "./available.ts";
import { run, unprivileged } from "./privileges.ts";

/** PostgreSQL's programs, or why there are none that can run here. */
export function findPostgres(options: ObtainOptions): Promise<Available<PostgresPrograms>> {
  return available(async () => {
    const programs = await ensurePostgres(options);
    await run(unprivileged(programs.postgres, ["--version"]), "/");
    return programs;
  });
}

/** PgBouncer, or why there is none that can run here. */
export const findPgbouncer = (options: ObtainOptions) => findDebianProgram(ensurePgbouncer, options);

/** A Valkey server's program, or why there is none that can run here. */
export const findValkey = (options: ObtainOptions) => findDebianProgram(ensureValkey, options);

function findDebianProgram(
  ensure: (options: ObtainOptions) => Promise<DebianProgram>,
  options: ObtainOptions,
): Promise<Available<DebianProgram>> {
  return available(async () => {
    const found = await ensure(options);
    await run(unprivileged(found.program, ["--version"], found.environment), "/");
    return found;
  });
}
