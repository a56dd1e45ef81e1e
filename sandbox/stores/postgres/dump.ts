/** What is in a database but for its rows, as SQL: by PostgreSQL's own `pg_dump`. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { SUPERUSER } from "./superuser.ts";

const dumpProcess = fileURLToPath(new URL("./dump-process.js", import.meta.url));

/** A server that lets in the service's superuser without TLS. */
export interface DumpedServer {
  readonly host: string;
  readonly port: number;
  readonly password: string;
}

/**
 * The statements that make a database, or a part of it. Rejects with what `pg_dump` said when it cannot.
 * @param program The module that `ensurePgDump` gives.
 * @param options Of `pg_dump`.
 */
export async function dumpDatabase(
  program: string,
  { host, port, password }: DumpedServer,
  database: string,
  options: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const quoted = (value: string) => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const target = `user=${SUPERUSER} password=${quoted(password)} dbname=${quoted(database)}`;
  const order = Buffer.from(JSON.stringify({ program, args: [...options, "--dbname", target] }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(order.length);

  const server = connect({ host, port, noDelay: true });
  server.on("error", () => undefined);
  await once(server, "connect", { signal });
  const child = spawn(process.execPath, [dumpProcess], { stdio: ["pipe", "pipe", "pipe", "pipe"], signal });
  try {
    const ended = once(child, "close");
    child.stdin.write(Buffer.concat([length, order]));
    // Either end closes when the other does; the exit status tells how it went.
    pipeline(server, child.stdin).catch(() => undefined);
    pipeline(child.stdout, server).catch(() => undefined);
    const [sql, said, [status]] = await Promise.all([text(dumpOf(child)), text(child.stderr), ended]);
    if (status !== 0) throw new Error(`pg_dump of ${database} failed: ${said.trim()}`);
    return sql;
  } finally {
    server.destroy();
  }
}

function dumpOf({ stdio }: ChildProcess): Readable {
  const [, , , dump] = stdio;
  if (dump instanceof Readable) return dump;
  throw new Error("A process without a pipe for its dump.");
}
