/** The roles of a server, as statements that make them in another: what `pg_dumpall --roles-only` would say. */
import pg from "pg";

const { escapeIdentifier } = pg;

/** Oid of the superuser that every server is born with. */
const BOOTSTRAP_OID = 10;

/** Settings whose value is a list that is quoted already where it is stored. */
const quotedLists = [
  "local_preload_libraries",
  "search_path",
  "session_preload_libraries",
  "temp_tablespaces",
];

interface Membership {
  readonly role: string;
  readonly member: string;
  readonly grantor: string;
  readonly byBootstrap: boolean;
  readonly admin: boolean;
  readonly inherit: boolean;
  readonly set: boolean;
}

/** Statements that make the roles, their settings and memberships, with the passwords' verifiers; in an order that works. */
export async function rolesOf(client: pg.Client): Promise<string[]> {
  const attribute = (column: string, word: string) =>
    `CASE WHEN ${column} THEN '${word}' ELSE 'NO${word}' END`;
  const words = [
    attribute("rolsuper", "SUPERUSER"),
    attribute("rolinherit", "INHERIT"),
    attribute("rolcreaterole", "CREATEROLE"),
    attribute("rolcreatedb", "CREATEDB"),
    attribute("rolcanlogin", "LOGIN"),
    attribute("rolreplication", "REPLICATION"),
    attribute("rolbypassrls", "BYPASSRLS"),
  ];
  // Names that begin with `pg_` are PostgreSQL's own: the other server has its own of them.
  const made = `FROM pg_authid WHERE oid <> ${BOOTSTRAP_OID} AND rolname !~ '^pg_'`;
  const roles = await statements(
    client,
    `SELECT format('CREATE ROLE %I WITH %s CONNECTION LIMIT %s', rolname, concat_ws(' ', ${words.join(", ")}), rolconnlimit)
       || CASE WHEN rolpassword IS NULL THEN '' ELSE format(' PASSWORD %L', rolpassword) END
       || CASE WHEN rolvaliduntil IS NULL THEN '' ELSE format(' VALID UNTIL %L', rolvaliduntil) END AS statement
     ${made} ORDER BY rolname`,
  );
  const comments = await statements(
    client,
    `SELECT format('COMMENT ON ROLE %I IS %L', rolname, shobj_description(oid, 'pg_authid')) AS statement
     ${made} AND shobj_description(oid, 'pg_authid') IS NOT NULL ORDER BY rolname`,
  );
  const settings = await statements(
    client,
    `SELECT format('ALTER ROLE %s SET %I TO %s',
         coalesce((SELECT quote_ident(rolname) FROM pg_roles WHERE oid = setrole), 'ALL'),
         name, CASE WHEN name IN (${quotedLists.map((each) => `'${each}'`).join(", ")}) THEN value ELSE quote_literal(value) END)
       AS statement
     FROM pg_db_role_setting, unnest(setconfig) AS setting,
       LATERAL (SELECT split_part(setting, '=', 1) AS name, substr(setting, strpos(setting, '=') + 1) AS value)
     WHERE setdatabase = 0`,
  );
  return [...roles, ...comments, ...settings, ...(await memberships(client))];
}

/** Who grants must himself have been given the role to pass on: his own membership comes first. */
async function memberships(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<Membership>(
    `SELECT r.rolname AS role, m.rolname AS member, g.rolname AS grantor, g.rolsuper AS "byBootstrap",
       admin_option AS admin, inherit_option AS inherit, set_option AS set
     FROM pg_auth_members
       JOIN pg_roles r ON r.oid = roleid JOIN pg_roles m ON m.oid = member JOIN pg_roles g ON g.oid = grantor
     WHERE m.rolname !~ '^pg_' ORDER BY role, member, grantor`,
  );
  const ordered: Membership[] = [];
  let waiting = rows;
  while (waiting.length > 0) {
    const mayGrant = ({ role, grantor, byBootstrap }: Membership) =>
      byBootstrap || ordered.some((each) => each.admin && each.role === role && each.member === grantor);
    const next = waiting.filter(mayGrant);
    if (next.length === 0)
      throw new Error("The memberships of the server's roles grant one another in a circle.");
    ordered.push(...next);
    waiting = waiting.filter((each) => !next.includes(each));
  }
  return ordered.map(
    ({ role, member, grantor, admin, inherit, set }) =>
      `GRANT ${escapeIdentifier(role)} TO ${escapeIdentifier(member)} WITH ADMIN ${admin}, INHERIT ${inherit}, SET ${set} GRANTED BY ${escapeIdentifier(grantor)}`,
  );
}

async function statements(client: pg.Client, query: string): Promise<string[]> {
  const { rows } = await client.query<{ statement: string }>(query);
  return rows.map(({ statement }) => statement);
}
