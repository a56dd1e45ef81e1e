import type { LogStore } from "../joints.ts";

/** Environment variable in which the password of the store is, where it has one. */
export const passwordVariable = "LOG_STORE_PASSWORD";

/** Where the authority is that the store's certificate is judged by, where it has one. */
export const authorityFile = "/fluent-bit/secrets/ca.crt";

/** Kept beside a line by Loki, and no label: of their values there are too many. */
const beside = ["pod", "container", "node", "event", "trace_id"];

/** How Fluent Bit speaks to the store. */
export function storeOutput(store: LogStore, environment: string): Record<string, unknown> {
  const { host, port } = store;
  if (store.kind === "loki") {
    return {
      name: "loki",
      host,
      port,
      labels: [
        `environment=${environment}`,
        ...["namespace", "component", "level"].map((label) => `${label}=$${label}`),
      ].join(","),
      structured_metadata: beside.map((name) => `${name}=$${name}`).join(","),
      remove_keys: ["environment", "namespace", "component", "level", ...beside].join(","),
      line_format: "json",
    };
  }
  return {
    name: "es",
    host,
    port,
    // A data stream takes what is new, and lets nobody change it.
    index: store.dataStream,
    write_operation: "create",
    suppress_type_name: "on",
    time_key: "@timestamp",
    time_key_nanos: "on",
    http_user: store.user,
    http_passwd: `\${${passwordVariable}}`,
    tls: "on",
    "tls.verify": "on",
    "tls.verify_hostname": "on",
    "tls.ca_file": authorityFile,
    buffer_size: "2M",
  };
}
