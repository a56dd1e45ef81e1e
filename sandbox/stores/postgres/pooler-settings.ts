/** The settings of a PgBouncer, as pure functions of the cluster whose connections it shares. */
import { type StorePool, type StoreSpec, storePorts } from "../runtime.ts";
import { SUPERUSER } from "./superuser.ts";

/** PgBouncer's own database, whose tables and commands are its console. */
export const CONSOLE_DATABASE = "pgbouncer";

/** As many clients as the managed service lets wait for the connections of its pools. */
const MOST_CLIENTS = 5_000;

/** Where the files are that the settings name. */
export interface PoolerFiles {
  readonly passwords: string;
  readonly access: string;
  readonly certificate: string;
  readonly key: string;
}

/** What the API has under `pgbouncer`, and PgBouncer under the same names. Of the rest (`autodb_...`) it makes no pools. */
const PASSED_ON = [
  "server_reset_query_always",
  "ignore_startup_parameters",
  "min_pool_size",
  "server_lifetime",
  "server_idle_timeout",
] as const;

/** The text of `pgbouncer.ini`. */
export function poolerText(spec: StoreSpec, files: PoolerFiles): string {
  const settings: Record<string, string> = {
    listen_addr: spec.place.serverHost,
    listen_port: String(storePorts.pool),
    // Its working folder, where PostgreSQL's socket is too: relative, as a socket's path has to be short.
    unix_socket_dir: ".",
    auth_type: "hba",
    auth_hba_file: files.access,
    auth_file: files.passwords,
    admin_users: SUPERUSER,
    client_tls_sslmode: "require",
    client_tls_cert_file: files.certificate,
    client_tls_key_file: files.key,
    max_client_conn: String(MOST_CLIENTS),
    log_connections: "0",
    log_disconnections: "0",
    log_stats: "0",
    // PostgreSQL starts anew when its settings want it; nobody should wait a quarter of a minute for that.
    server_login_retry: "1",
    ...configured(spec.configuration.pgbouncer),
  };
  const lines = (entries: Record<string, string>) =>
    Object.entries(entries).map(([name, value]) => `${name} = ${value}\n`);
  return [
    "[databases]\n",
    ...spec.pools.map((pool) => `${poolLine(pool)}\n`),
    "[pgbouncer]\n",
    ...lines(settings),
  ].join("");
}

/** The text of the file of passwords: PgBouncer proves it knows them to the server, as its clients do to it. */
export function passwordsText({ users }: Pick<StoreSpec, "users">, superuserPassword: string): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  return [{ name: SUPERUSER, password: superuserPassword }, ...users]
    .map(({ name, password }) => `${quoted(name)} ${quoted(password)}\n`)
    .join("");
}

/**
 * Who may use what: a pool with a user is that user's alone, as whoever is in it has his rights. All come through the
 * gate; the service itself reaches the console, and nothing else.
 */
export function poolAccessText({ place, pools }: Pick<StoreSpec, "place" | "pools">): string {
  const line = ({ name, user }: StorePool) =>
    `hostssl "${name}" ${user === undefined ? "all" : `"${user}"`} ${place.serverHost}/32 scram-sha-256\n`;
  return [
    `hostssl ${CONSOLE_DATABASE} ${SUPERUSER} 127.0.0.1/32 scram-sha-256\n`,
    `host all ${SUPERUSER} 0.0.0.0/0 reject\n`,
    ...pools.map(line),
  ].join("");
}

/** Without a host, the way to the server is its socket, which nobody else reaches. */
function poolLine({ name, database, user, size, mode }: StorePool): string {
  const target = {
    dbname: quotedValue(database),
    port: String(storePorts.pg),
    ...(user !== undefined && { user: quotedValue(user) }),
    pool_size: String(size),
    pool_mode: mode,
  };
  // A name is letters, digits, hyphens and underscores, which PgBouncer takes as they are, and none that is quoted.
  return `${name} = ${Object.entries(target)
    .map(([key, value]) => `${key}=${value}`)
    .join(" ")}`;
}

const quotedValue = (text: string) => `'${text.replaceAll("'", "''")}'`;

function configured(pgbouncer: unknown): Record<string, string> {
  const given = new Map(Object.entries(pgbouncer ?? {}));
  return Object.fromEntries(
    PASSED_ON.filter((name) => given.has(name)).map((name) => [name, inItsWords(given.get(name))]),
  );
}

function inItsWords(value: unknown): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  return Array.isArray(value) ? value.join(",") : String(value);
}
