/** What the managed service tells of a PostgreSQL itself, asked of its own statistics. */
import type { Figure } from "../metrics/exposition.ts";
import { type AsSuperuser, SERVICE_DATABASE, SUPERUSER } from "./superuser.ts";

/** Of each database that clients may be in; every column but the first is a figure of its name. */
const ofDatabases = {
  postgresql_pg_stat_database: `
    SELECT datname, numbackends, xact_commit, xact_rollback, blks_read, blks_hit, tup_returned, tup_fetched, tup_inserted,
      tup_updated, tup_deleted, temp_files, temp_bytes, deadlocks
    FROM pg_stat_database WHERE datname NOT IN ('template0', 'template1', $1)`,
  postgresql_pg_stat_activity: `
    SELECT datname, count(*) AS conn_count
    FROM pg_stat_activity WHERE backend_type = 'client backend' AND usename <> $2 AND datname <> $1 GROUP BY datname`,
  postgresql_database_size: `
    SELECT datname, pg_database_size(datname) AS database_size
    FROM pg_database WHERE datname NOT IN ('template0', 'template1', $1)`,
} as const;

export function postgresFigures(asSuperuser: AsSuperuser): Promise<Figure[]> {
  return asSuperuser(SERVICE_DATABASE, async (client) => {
    const figures: Figure[] = [];
    for (const [family, text] of Object.entries(ofDatabases)) {
      const values = text.includes("$2") ? [SERVICE_DATABASE, SUPERUSER] : [SERVICE_DATABASE];
      const { rows } = await client.query<Record<string, string>>({ text, values });
      for (const { datname = "", ...columns } of rows) {
        for (const [column, value] of Object.entries(columns))
          figures.push({ name: `${family}_${column}`, labels: { datname }, value: Number(value) });
      }
    }
    return figures;
  });
}
