import type { PostgresArgs } from "./arguments.ts";

/** Who uses the database, by name: each may do what it is there for, and no more. */
export interface DatabaseRoles {
  /** Reads and writes rows: the application. */
  readonly application: string;
  /** Owns the tables and changes their shape: the migrations. */
  readonly owner: string;
  /** Reads: reports and whoever looks something up. */
  readonly reader: string;
  /** Sees figures, and neither rows nor statements: the exporter. */
  readonly monitor: string;
}

/** Schema of what {@link DatabaseRoles.monitor} sees of others. */
export const monitoringSchema = "monitoring";

/** The roles of a database, named after its application's user. */
export function rolesOf({ userName = "whisper" }: Pick<PostgresArgs, "userName">): DatabaseRoles {
  return {
    application: userName,
    owner: `${userName}_owner`,
    reader: `${userName}_reader`,
    monitor: `${userName}_monitor`,
  };
}

/**
 * What the administrator says: who may enter, how long a statement may take, and that nobody but the owner makes anything.
 * Changes nothing twice.
 */
export function databaseGrants(
  database: string,
  { application, owner, reader, monitor }: DatabaseRoles,
  statementTimeoutMs: number,
): string {
  const [name, everybody] = [quoted(database), [owner, application, reader].map(quoted).join(", ")];
  return [
    `REVOKE ALL ON DATABASE ${name} FROM PUBLIC;`,
    `GRANT CONNECT ON DATABASE ${name} TO ${everybody}, ${quoted(monitor)};`,
    // Schemas and trusted extensions are made by migrations too.
    `GRANT CREATE, TEMPORARY ON DATABASE ${name} TO ${quoted(owner)};`,
    `ALTER DATABASE ${name} SET statement_timeout = ${statementTimeoutMs};`,
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC;",
    `GRANT USAGE ON SCHEMA public TO ${everybody};`,
    `GRANT CREATE ON SCHEMA public TO ${quoted(owner)};`,
    ...monitoringGrants(quoted(monitor)),
    "",
  ].join("\n");
}

/** Of a session, what figures are made of. What it says, where it comes from and what it calls itself are not. */
const shownOfSessions: Readonly<Record<string, string>> = {
  ...{ datid: "oid", datname: "name", pid: "integer", usesysid: "oid", usename: "name" },
  ...{ backend_start: "timestamptz", xact_start: "timestamptz", query_start: "timestamptz" },
  ...{ state_change: "timestamptz", wait_event_type: "text", wait_event: "text", state: "text" },
  ...{ backend_xid: "xid", backend_xmin: "xid", backend_type: "text" },
};

/**
 * The service's administrator belongs to `pg_monitor` and may not pass it on. So a function, which asks as the
 * administrator, shows the sessions of others, and a view of the catalogue's own name leads to it: whoever has the schema
 * first in his search path finds that in the catalogue's place.
 */
function monitoringGrants(monitor: string): string[] {
  const [schema, sessions] = [monitoringSchema, `${monitoringSchema}.sessions()`];
  const columns = Object.keys(shownOfSessions).join(", ");
  const table = Object.entries(shownOfSessions)
    .map(([column, type]) => `${column} ${type}`)
    .join(", ");
  return [
    `CREATE SCHEMA IF NOT EXISTS ${schema};`,
    `CREATE OR REPLACE FUNCTION ${sessions} RETURNS TABLE (${table}) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS 'SELECT ${columns} FROM pg_catalog.pg_stat_activity';`,
    `REVOKE ALL ON FUNCTION ${sessions} FROM PUBLIC;`,
    `CREATE OR REPLACE VIEW ${schema}.pg_stat_activity AS SELECT ${columns}, ''::text AS application_name, ''::text AS query FROM ${sessions};`,
    `GRANT USAGE ON SCHEMA ${schema} TO ${monitor};`,
    `GRANT EXECUTE ON FUNCTION ${sessions} TO ${monitor};`,
    `GRANT SELECT ON ${schema}.pg_stat_activity TO ${monitor};`,
  ];
}

/** What the owner says of all that is its own, and of all that it will make. Changes nothing twice. */
export function tableGrants({ application, reader }: DatabaseRoles): string {
  const grants = [
    { rights: "SELECT, INSERT, UPDATE, DELETE", on: "TABLES", kinds: "r,p,v,m,f", to: application },
    { rights: "SELECT, USAGE", on: "SEQUENCES", kinds: "S", to: application },
    { rights: "SELECT", on: "TABLES", kinds: "r,p,v,m,f", to: reader },
    { rights: "SELECT", on: "SEQUENCES", kinds: "S", to: reader },
  ];
  // Its own setting goes before the database's, for its next session.
  const unhurried = "ALTER ROLE CURRENT_USER SET statement_timeout = 0;\n";
  return grants
    .flatMap(({ rights, on, kinds, to }) => [
      `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ${rights} ON ${on} TO ${quoted(to)};`,
      // What is another's, such as an extension's, is not the owner's to give.
      `DO $$ DECLARE own regclass; BEGIN FOR own IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner = current_user::regrole AND relkind::text = ANY ('{${kinds}}') LOOP EXECUTE format('GRANT ${rights} ON ${on.slice(0, -1)} %s TO %I', own, '${to}'); END LOOP; END $$;`,
    ])
    .join("\n")
    .concat("\n", unhurried);
}

/** Environment variable with the owner's connection, which psql reads: on a command line everybody would. */
export const ownerUrlVariable = "OWNER_URL";

/** Both, for psql, begun as the administrator in the database itself. */
export function privilegesScript(database: string, roles: DatabaseRoles, statementTimeoutMs: number): string {
  return [
    databaseGrants(database, roles, statementTimeoutMs),
    `\\getenv owner_url ${ownerUrlVariable}`,
    "\\connect :owner_url",
    tableGrants(roles),
  ].join("\n");
}

const quoted = (name: string): string => `"${name}"`;
