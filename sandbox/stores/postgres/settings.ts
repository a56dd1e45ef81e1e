/** The settings of a PostgreSQL server, as a pure function of what it is to be. */
import path from "node:path";
import { type StoreAddress, type StoreSpec, storePorts } from "../runtime.ts";
import { KEPT_LOG } from "./first-files.ts";
import { SUPERUSER } from "./superuser.ts";

/** Connections kept for the service itself, beside those that a size gives its clients. */
const SERVICE_CONNECTIONS = 3;
/** However many connections are asked for: each costs shared memory at the start already. */
const MOST_CONNECTIONS = 1_000;

/** Where the files are that the settings name. */
export interface SettingsFiles {
  readonly hostBasedAuthentication: string;
  /** Folder of the socket by which the pools come in. Its owner's alone. */
  readonly sockets: string;
  readonly certificate: string;
  readonly key: string;
  /** Of a standby: the service's password at its primary, in the form of a password file. */
  readonly primaryPassword: string;
  /** Of a standby: the authority that signs its primary's certificate. */
  readonly authority: string;
}

/** Settings of the API that are the service's own business, the pools', or of parts that are not there. */
const NOT_THE_SERVERS: ReadonlySet<string> = new Set([
  "backup_hour",
  "backup_minute",
  "max_failover_replication_time_lag",
  "pg_partman_bgw.interval",
  "pg_partman_bgw.role",
  "pgbouncer",
  // Two environments must fit into 2 GiB: memory is not a size's share here.
  "shared_buffers_percentage",
  "stat_monitor_enable",
  "synchronous_replication",
  "timescaledb",
]);

/** Where the API counts in other units than the server does. */
const UNITS: Readonly<Record<string, string>> = {
  bgwriter_flush_after: "kB",
  max_stack_depth: "B",
  work_mem: "MB",
};

/** Name to value, as `postgresql.conf` has them. */
export function postgresSettings(spec: StoreSpec, files: SettingsFiles): ReadonlyMap<string, string> {
  const settings = new Map<string, string>(
    Object.entries({
      listen_addresses: spec.place.serverHost,
      port: String(storePorts.pg),
      // Beside its working folder: a socket's path has to be short, wherever the sandbox lives.
      unix_socket_directories: path.join("..", path.basename(files.sockets)),
      hba_file: files.hostBasedAuthentication,
      ssl: "on",
      ssl_cert_file: files.certificate,
      ssl_key_file: files.key,
      ssl_min_protocol_version: "TLSv1.2",
      superuser_reserved_connections: String(SERVICE_CONNECTIONS),
      max_connections: String(spec.connections + SERVICE_CONNECTIONS),
      shared_preload_libraries: "pg_stat_statements",
      "pg_stat_statements.max": "500",
      // Among them are those that set passwords, and whoever may monitor may read them.
      "pg_stat_statements.track_utility": "off",
      wal_level: "logical",
      // Of it and of the files they began with, copies are made.
      wal_keep_size: KEPT_LOG,
      // A copy reads its log, which is all there, up to its moment; nobody asks it anything before.
      restore_command: "false",
      hot_standby: "off",
      recovery_target_action: "promote",
      ...(spec.primary && standbySettings(spec.primary, files)),
      ...(spec.origin?.at !== undefined && { recovery_target_time: serversTime(spec.origin.at) }),
      // Small, and without processes that only a busy server needs.
      shared_buffers: "16MB",
      huge_pages: "off",
      min_wal_size: "4MB",
      max_wal_size: "64MB",
      ...(Number(spec.version) >= 18 && {
        io_method: "sync",
        autovacuum_worker_slots: String(Math.max(3, Number(spec.configuration.autovacuum_max_workers ?? 0))),
      }),
      // A killed process loses nothing without fsync (the kernel has the pages); only a power cut would.
      fsync: "off",
      default_text_search_config: "pg_catalog.english",
      timezone: "UTC",
      log_timezone: "UTC",
    }),
  );
  for (const [name, value] of Object.entries(spec.configuration)) {
    if (!NOT_THE_SERVERS.has(name)) settings.set(name, inServersUnits(name, value));
  }
  const connections = Number(settings.get("max_connections"));
  // A standby must allow as many as its primary did at any moment of the log that it reads.
  const most = spec.primary === undefined ? Math.min(connections, MOST_CONNECTIONS) : MOST_CONNECTIONS;
  settings.set("max_connections", String(most));
  return settings;
}

/** What makes a server a read-only copy that follows another. */
function standbySettings(primary: StoreAddress, files: SettingsFiles): Record<string, string> {
  const connection = {
    host: primary.place.serverHost,
    port: String(storePorts.pg),
    user: SUPERUSER,
    // Not the password itself: whoever may monitor may read settings.
    passfile: files.primaryPassword,
    sslmode: "verify-full",
    sslrootcert: files.authority,
  };
  const quoted = (value: string) => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  return {
    primary_conninfo: Object.entries(connection)
      .map(([name, value]) => `${name}=${quoted(value)}`)
      .join(" "),
    hot_standby: "on",
  };
}

/** The text of `postgresql.conf`. */
export function settingsText(settings: ReadonlyMap<string, string>): string {
  const quoted = (value: string) => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
  return [...settings].map(([name, value]) => `${name} = ${quoted(value)}\n`).join("");
}

/**
 * The text of `pg_hba.conf`: the service itself, and whom the gate has let in, with TLS and a password, to the server or by
 * its pools. Who calls the server past the gate finds no entry.
 */
export function hostBasedAuthentication({ place }: StoreSpec): string {
  return [
    // By the latter its standbys come.
    `hostssl all,replication ${SUPERUSER} 127.0.0.1/32 scram-sha-256`,
    `host all ${SUPERUSER} 0.0.0.0/0 reject`,
    `local all ${SUPERUSER} reject`,
    "local all all scram-sha-256",
    `hostssl all all ${place.serverHost}/32 scram-sha-256`,
    "",
  ].join("\n");
}

/** It knows no letter for UTC where it reads its settings. */
const serversTime = (at: string): string => new Date(at).toISOString().replace("Z", "+00");

function inServersUnits(name: string, value: unknown): string {
  const text = typeof value === "boolean" ? (value ? "on" : "off") : String(value);
  const unit = UNITS[name];
  // A negative number stands for "no limit", in no unit.
  return unit === undefined || Number(value) < 0 ? text : `${text}${unit}`;
}
