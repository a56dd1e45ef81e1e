/** What the managed service tells of a Valkey itself, read from its `INFO`. */
import type { Figure } from "../metrics/exposition.ts";

/** Lines of INFO, and what Telegraf calls them. */
const told: Readonly<Record<string, string>> = {
  connected_clients: "clients",
  connected_slaves: "connected_slaves",
  evicted_keys: "evicted_keys",
  instantaneous_ops_per_sec: "instantaneous_ops_per_sec",
  keyspace_hits: "keyspace_hits",
  keyspace_misses: "keyspace_misses",
  maxmemory: "maxmemory",
  rejected_connections: "rejected_connections",
  total_commands_processed: "total_commands_processed",
  total_connections_received: "total_connections_received",
  uptime_in_seconds: "uptime",
  used_memory: "used_memory",
  used_memory_rss: "used_memory_rss",
};

/** @param info What `INFO` answers. */
export function valkeyFigures(info: string): Figure[] {
  return info.split("\r\n").flatMap((line): Figure[] => {
    const [field = "", value = ""] = line.split(":");
    const name = told[field];
    if (name !== undefined) return [{ name: `redis_${name}`, value: Number(value) }];
    const keys = /^keys=(\d+)/.exec(value)?.[1];
    if (!/^db\d+$/.test(field) || keys === undefined) return [];
    return [{ name: "redis_keyspace_keys", labels: { database: field }, value: Number(keys) }];
  });
}
