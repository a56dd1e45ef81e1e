/** Everything that is in one server, made in another that is empty: roles, databases, and what is in them. */
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import copyStreams from "pg-copy-streams";
import { type DumpedServer, dumpDatabase } from "./dump.ts";
import { rolesOf } from "./roles.ts";
import { type AsSuperuser, SERVICE_DATABASE } from "./superuser.ts";

/** One of the two servers. Nobody else is in either. */
export interface TransferEnd extends DumpedServer {
  readonly asSuperuser: AsSuperuser;
}

export interface Transfer {
  readonly from: TransferEnd;
  /** Has what every new server has, and nothing else. */
  readonly to: TransferEnd;
  /** The module that `ensurePgDump` gives. */
  readonly pgDump: string;
  readonly signal: AbortSignal;
}

/** Tables that hold rows of their own; an extension's come with the extension. */
const TABLES = `
  SELECT format('%I.%I', nspname, relname) AS name,
    (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
      WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns
  FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
  WHERE relkind = 'r' AND relpersistence <> 't' AND nspname !~ '^pg_' AND nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
  ORDER BY 1`;

const SEQUENCES = "SELECT format('%I.%I', schemaname, sequencename) AS name FROM pg_sequences";

/** See the file's comment. Rejects where something of the one cannot be in the other, and says what. */
export async function transferAll({ from, to, pgDump, signal }: Transfer): Promise<void> {
  const { roles, databases } = await from.asSuperuser(SERVICE_DATABASE, async (client) => {
    const known =
      "SELECT datname AS name FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1";
    const { rows } = await client.query<{ name: string }>(known);
    return { roles: await rolesOf(client), databases: rows.map(({ name }) => name) };
  });
  await to.asSuperuser(SERVICE_DATABASE, async (client) => {
    for (const statement of roles) await client.query(statement);
  });
  for (const database of databases.filter((name) => name !== SERVICE_DATABASE)) {
    signal.throwIfAborted();
    try {
      await transferDatabase({ from, to, pgDump, signal }, database);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`In the database "${database}": ${reason}`, { cause: error });
    }
  }
}

async function transferDatabase({ from, to, pgDump, signal }: Transfer, database: string): Promise<void> {
  const dump = (...options: string[]) => dumpDatabase(pgDump, from, database, options, signal);
  const [beforeRows, afterRows] = await Promise.all([
    // With large objects, which are data; its rows are copied from server to server, however many there are.
    dump("--create", "--section=pre-data", "--section=data", "--exclude-table-data=*.*"),
    dump("--section=post-data"),
  ]);
  const { create, alter, contents } = partsOf(beforeRows);
  await to.asSuperuser(SERVICE_DATABASE, async (client) => {
    // Alone, as it may stand in no transaction.
    await client.query(create);
    await client.query(alter);
  });
  await to.asSuperuser(database, (client) => carryOut(client, contents));
  await from.asSuperuser(database, (source) =>
    to.asSuperuser(database, (target) => copyRows(source, target, signal)),
  );
  await to.asSuperuser(database, async (client) => {
    await carryOut(client, afterRows);
    // A dump carries none of what the planner knows about the rows.
    await client.query("ANALYZE");
  });
}

/** Lets a server carry out a dump. Rejects with the line that it stumbled over, as it says no more than its place. */
async function carryOut(client: pg.Client, dump: string): Promise<void> {
  try {
    await client.query(dump);
  } catch (error) {
    const position = error instanceof Error && "position" in error ? Number(error.position) : Number.NaN;
    if (!(error instanceof Error) || Number.isNaN(position)) throw error;
    const line = dump.slice(dump.lastIndexOf("\n", position - 2) + 1).split("\n", 1)[0] ?? "";
    throw new Error(`${error.message}, in "${line.trim()}"`, { cause: error });
  }
}

/** Splits a dump of a whole database where `psql` would connect to the new one. */
function partsOf(dump: string): { create: string; alter: string; contents: string } {
  const connect = /^\\connect .*\n/m.exec(dump);
  const create = /^CREATE DATABASE .*;$/m.exec(dump);
  if (connect === null || create === null) throw new Error("pg_dump does not say how the database is made.");
  const contents = dump.slice(connect.index + connect[0].length);
  // It would connect once more where the database has settings of its own, for these to count.
  const settings = contents.indexOf("; Type: DATABASE PROPERTIES;");
  const again = settings === -1 ? -1 : contents.indexOf(connect[0], settings);
  return {
    create: create[0],
    alter: dump.slice(0, connect.index).replace(create[0], ""),
    contents: again === -1 ? contents : contents.slice(0, again) + contents.slice(again + connect[0].length),
  };
}

async function copyRows(source: pg.Client, target: pg.Client, signal: AbortSignal): Promise<void> {
  const { rows: tables } = await source.query<{ name: string; columns: string | null }>(TABLES);
  for (const { name, columns } of tables) {
    const part = `${name}${columns === null ? "" : ` (${columns})`}`;
    await pipeline(
      source.query(copyStreams.to(`COPY ${part} TO STDOUT`)),
      target.query(copyStreams.from(`COPY ${part} FROM STDIN`)),
      { signal },
    );
  }
  const { rows: sequences } = await source.query<{ name: string }>(SEQUENCES);
  for (const { name } of sequences) {
    const { rows } = await source.query(`SELECT last_value, is_called FROM ${name}`);
    await target.query("SELECT setval($1, $2, $3)", [name, rows[0]?.last_value, rows[0]?.is_called]);
  }
}
