import type { Judged } from "./harness.ts";

/** Whose things they are. */
export const ownerTags = [
  "environment:production",
  "component:api",
  "owner:platform-team",
  "cost-centre:transcription",
];

const stored = (store: string, point: string) => [
  `store:${store}`,
  `recovery-point:${point}`,
  "recovery-time:1h",
];

/** Databases of DigitalOcean's and what belongs to them, right in every way, as production has them. */
export const compliantDatabases = {
  postgres: {
    type: "digitalocean:index/databaseCluster:DatabaseCluster",
    name: "postgres",
    props: {
      engine: "pg",
      region: "fra1",
      nodeCount: 2,
      tags: [...stored("postgres", "5m"), "backup:managed-daily", "backup-retention:7d", ...ownerTags],
    },
    protect: true,
    refersTo: { privateNetworkUuid: ["network"] },
  },
  valkey: {
    type: "digitalocean:index/databaseCluster:DatabaseCluster",
    name: "valkey",
    props: {
      engine: "valkey",
      region: "fra1",
      evictionPolicy: "noeviction",
      nodeCount: 2,
      tags: [...stored("valkey", "1h"), "backup:none", ...ownerTags],
    },
    protect: true,
    refersTo: { privateNetworkUuid: ["network"] },
  },
  valkeyConfig: {
    type: "digitalocean:index/databaseValkeyConfig:DatabaseValkeyConfig",
    name: "valkeyConfig",
    props: { ssl: true, valkeyMaxmemoryPolicy: "noeviction" },
    refersTo: { clusterId: ["valkey"] },
  },
  sessions: {
    type: "whisper:valkey:Valkey",
    name: "sessions",
    props: { role: "sessions" },
  },
  keys: {
    type: "digitalocean:index/databaseCluster:DatabaseCluster",
    name: "keys",
    props: {
      engine: "valkey",
      evictionPolicy: "volatile_ttl",
      nodeCount: 2,
      tags: [...stored("valkey", "everything"), "backup:none", ...ownerTags],
    },
    protect: true,
    parent: "sessions",
    refersTo: { privateNetworkUuid: ["network"] },
  },
  keysTrustedSources: {
    type: "digitalocean:index/databaseFirewall:DatabaseFirewall",
    name: "keysTrustedSources",
    props: { rules: [{ type: "k8s", value: "c1" }] },
    refersTo: { clusterId: ["keys"] },
  },
  valkeyTrustedSources: {
    type: "digitalocean:index/databaseFirewall:DatabaseFirewall",
    name: "valkeyTrustedSources",
    props: { rules: [{ type: "k8s", value: "c1" }] },
    refersTo: { clusterId: ["valkey"] },
  },
  connectionPool: {
    type: "digitalocean:index/databaseConnectionPool:DatabaseConnectionPool",
    name: "connectionPool",
    props: { mode: "transaction", size: 20 },
    refersTo: { clusterId: ["postgres"] },
  },
  databaseUser: {
    type: "digitalocean:index/databaseUser:DatabaseUser",
    name: "databaseUser",
    props: { name: "whisper", mysqlAuthPlugin: "caching_sha2_password" },
  },
  logSink: {
    type: "digitalocean:index/databaseLogsinkRsyslog:DatabaseLogsinkRsyslog",
    name: "logSink",
    props: { server: "logs.example.com", tls: true },
  },
  searchSink: {
    type: "digitalocean:index/databaseLogsinkOpensearch:DatabaseLogsinkOpensearch",
    name: "searchSink",
    props: { endpoint: "https://logs.example.com:9200" },
  },
  database: {
    type: "digitalocean:index/databaseDb:DatabaseDb",
    name: "database",
    props: { name: "whisper" },
    protect: true,
  },
  trustedSources: {
    type: "digitalocean:index/databaseFirewall:DatabaseFirewall",
    name: "trustedSources",
    props: { rules: [{ type: "k8s", value: "c1" }] },
    refersTo: { clusterId: ["postgres"] },
  },
} satisfies Record<string, Judged>;
