/** The settings and users of a Valkey server, as pure functions of what it is to be. */
import { createHash } from "node:crypto";
import { type StoreSpec, storePorts } from "../runtime.ts";

/** The service's own user, whom clients do not know: no user of the API can have a name with a stop in it. */
export const SERVICE_USER = "sandbox.service";

/** Where the files are that the settings name. */
export interface ValkeyFiles {
  readonly data: string;
  readonly users: string;
  readonly certificate: string;
  readonly key: string;
}

/** The API's settings that the server has under another name; it takes up all of them while it runs. */
const NAMES: Readonly<Record<string, string>> = {
  valkey_maxmemory_policy: "maxmemory-policy",
  valkey_lfu_log_factor: "lfu-log-factor",
  valkey_lfu_decay_time: "lfu-decay-time",
  valkey_timeout: "timeout",
  valkey_notify_keyspace_events: "notify-keyspace-events",
  valkey_acl_channels_default: "acl-pubsub-default",
  valkey_active_expire_effort: "active-expire-effort",
};
const mib = 1024 * 1024;

/** What can be changed while it runs: directive to value. */
export function runtimeSettings({ configuration, memoryMib }: StoreSpec): ReadonlyMap<string, string> {
  const settings = new Map([["maxmemory", String(memoryMib * mib)]]);
  for (const [name, directive] of Object.entries(NAMES)) {
    const value = configuration[name];
    if (value !== undefined) settings.set(directive, String(value));
  }
  const buffer = configuration.valkey_pubsub_client_output_buffer_limit;
  if (buffer !== undefined)
    settings.set("client-output-buffer-limit", `pubsub ${Number(buffer) * mib} ${Number(buffer) * mib} 60`);
  // A log of every write, rather than the snapshots of the managed service: a killed server loses nothing.
  settings.set("appendonly", configuration.valkey_persistence === "off" ? "no" : "yes");
  return settings;
}

/** The text of the server's configuration file. */
export function settingsText(spec: StoreSpec, files: ValkeyFiles): string {
  const fixed: [string, string][] = [
    ["bind", spec.place.serverHost],
    ["port", "0"],
    ["tls-port", String(storePorts.valkey)],
    ["tls-cert-file", files.certificate],
    ["tls-key-file", files.key],
    // It wants one, though it asks its clients for no certificate.
    ["tls-ca-cert-file", files.certificate],
    ["tls-auth-clients", "no"],
    ["aclfile", files.users],
    ["dir", files.data],
    ["save", ""],
    // Or it would no longer be known whose process it is.
    ["set-proc-title", "no"],
    ["databases", String(spec.configuration.valkey_number_of_databases ?? 16)],
    ["io-threads", String(spec.configuration.valkey_io_threads ?? 1)],
  ];
  return [...fixed, ...runtimeSettings(spec)]
    .map(
      ([name, value]) => `${name} ${name === "client-output-buffer-limit" ? value : JSON.stringify(value)}\n`,
    )
    .join("");
}

/**
 * The rules of each user, by name. All of the API's may do everything but administer: no CONFIG, SAVE, SYNC, PSYNC, DEBUG,
 * SHUTDOWN, REPLICAOF, MODULE, MONITOR, ...; nor move keys to another server.
 */
export function userRules(
  { users }: Pick<StoreSpec, "users">,
  servicePassword: string,
): ReadonlyMap<string, readonly string[]> {
  const rules = (password: string, ...commands: string[]) => {
    const hash = createHash("sha256").update(password).digest("hex");
    return ["on", "sanitize-payload", `#${hash}`, "~*", "&*", ...commands];
  };
  return new Map([
    [SERVICE_USER, rules(servicePassword, "+@all")],
    ...users.map(({ name, password }) => [name, rules(password, "+@all", "-@admin", "-migrate")] as const),
  ]);
}

/** The text of the file of users, which the server reads when it starts. */
export function usersText(users: ReturnType<typeof userRules>): string {
  return [...users].map(([name, rules]) => `user ${name} ${rules.join(" ")}\n`).join("");
}
