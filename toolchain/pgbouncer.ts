import { type DebianProgram, ensureDebianProgram } from "./debian-program.ts";
import type { ObtainOptions } from "./obtain.ts";

/** PgBouncer, which keeps PostgreSQL's connection pools. */
export const ensurePgbouncer = (options: ObtainOptions = {}): Promise<DebianProgram> =>
  ensureDebianProgram(
    {
      title: "PgBouncer",
      name: "pgbouncer",
      names: ["pgbouncer"],
      remedy: "Install it: `apt-get install pgbouncer`, or your system's package of that name.",
    },
    options,
  );
