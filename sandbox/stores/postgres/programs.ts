/** Whether PostgreSQL's programs are here and can run. */
import type { ObtainOptions } from "../../../toolchain/obtain.ts";
import { ensurePostgres, type PostgresPrograms } from "../../../toolchain/postgres.ts";
import { type Available, available } from "../available.ts";
import { run, unprivileged } from "../privileges.ts";

/** PostgreSQL's programs, or why there are none that can run here. Never throws for want of them. */
export function findPostgres(options: ObtainOptions): Promise<Available<PostgresPrograms>> {
  return available(async () => {
    const programs = await ensurePostgres(options);
    await run(unprivileged(programs.postgres, ["--version"]), "/");
    return programs;
  });
}
