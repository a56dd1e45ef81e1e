/** The service's own access to a server: as its superuser, whom clients do not know. */
import pg from "pg";
import { type StorePlace, storePorts } from "../runtime.ts";

export const SUPERUSER = "postgres";
/** The database that a server has before it has any of its own; clients may not enter it. */
export const SERVICE_DATABASE = "postgres";

const CONNECT_TIMEOUT_MS = 10_000;

/** How to get in. */
export interface SuperuserAccess {
  readonly place: StorePlace;
  /** Default: the server's own. */
  readonly port?: number;
  readonly password: string;
  /** PEM of the authority that signs the server's certificate. */
  readonly authority: string;
}

/** Does something in a database of the server. */
export type AsSuperuser = <T>(database: string, work: (client: pg.Client) => Promise<T>) => Promise<T>;

export function superuserOf({
  place,
  port = storePorts.pg,
  password,
  authority,
}: SuperuserAccess): AsSuperuser {
  return async (database, work) => {
    const client = new pg.Client({
      host: place.serverHost,
      port,
      user: SUPERUSER,
      password,
      database,
      ssl: { ca: authority },
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      application_name: "sandbox",
    });
    // The server may end at any time; what is under way then rejects.
    client.on("error", () => undefined);
    try {
      await client.connect();
      return await work(client);
    } finally {
      await client.end().catch(() => undefined);
    }
  };
}

/** Class 57 is an operator's intervention: starting up, shutting down, crashed. */
export function isPassing(error: unknown): boolean {
  return /^(57P0|08)/.test(codeOf(error)) || isUnreachable(error);
}

/** Nobody answers, or no longer. */
export function isUnreachable(error: unknown): boolean {
  return (
    ["ECONNREFUSED", "ECONNRESET", "EPIPE"].includes(codeOf(error)) ||
    (error instanceof Error && /connection terminated|timeout expired/i.test(error.message))
  );
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "";
