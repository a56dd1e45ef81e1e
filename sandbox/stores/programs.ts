/** Whether the servers' programs are here and can run. None of these throws for want of them. */
import type { DebianProgram } from "../../toolchain/debian-program.ts";
import type { ObtainOptions } from "../../toolchain/obtain.ts";
import { ensurePgbouncer } from "../../toolchain/pgbouncer.ts";
import {
  ensureOlderPostgres,
  ensurePgDump,
  ensurePostgres,
  olderPostgresVersions,
  type PostgresPrograms,
} from "../../toolchain/postgres.ts";
import { ensureValkey } from "../../toolchain/valkey.ts";
import { type Available, available } from "./available.ts";
import { run, unprivileged } from "./privileges.ts";

/** PostgreSQL, in each version that it can be had in. */
export interface PostgresVersions {
  /** Major versions, ascending. */
  readonly versions: readonly string[];
  /** The programs of one of them; but for the newest, they are fetched when they are first asked for. */
  programs(version: string): Promise<PostgresPrograms>;
  /** The module that is `pg_dump`, of the newest version; fetched likewise. */
  pgDump(): Promise<string>;
}

/** PostgreSQL, or why there is none that can run here. */
export function findPostgres(options: ObtainOptions): Promise<Available<PostgresVersions>> {
  return available(async () => {
    const newest = await ensurePostgres(options);
    await run(unprivileged(newest.postgres, ["--version"]), "/");
    return {
      versions: [...olderPostgresVersions, newest.majorVersion],
      programs: async (version) =>
        version === newest.majorVersion ? newest : await ensureOlderPostgres(version, options),
      pgDump: () => ensurePgDump(options),
    };
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
