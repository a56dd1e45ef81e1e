/** A managed database engine and the versions DigitalOcean offers. */
export interface DatabaseEngine {
  /** What the API calls it. */
  readonly slug: "pg" | "valkey";
  /** Major versions that a new cluster may have, ascending, as the API spells them. */
  readonly versions: readonly string[];
  /** The version a cluster of ours gets when nothing else is said. */
  readonly defaultVersion: string;
  /** Why that one. */
  readonly reason: string;
  /** The day {@link versions} was last compared with `GET /v2/databases/options` (ISO 8601). */
  readonly checkedOn: string;
  /** Whether DigitalOcean takes a daily backup and keeps seven days of write-ahead log. */
  readonly managedBackups: boolean;
  /** Whether the engine can have read-only replicas. */
  readonly readReplicas: boolean;
  /** The most nodes of one cluster, the primary included. */
  readonly maximumNodes: number;
  /** Port of each of its servers, replicas included. */
  readonly port: number;
}

/** An engine with connection pools, which have a port of their own. */
export interface PooledEngine extends DatabaseEngine {
  readonly poolPort: number;
}

/** PostgreSQL. */
export const postgres: PooledEngine = {
  slug: "pg",
  versions: ["14", "15", "16", "17", "18"],
  defaultVersion: "18",
  reason: "the newest offered; supported upstream until November 2030",
  checkedOn: "2026-10-08",
  managedBackups: true,
  readReplicas: true,
  maximumNodes: 3,
  port: 25_060,
  poolPort: 25_061,
};

/** Port on which every cluster tells what DigitalOcean measures of it, over TLS. */
export const databaseMetricsPort = 9273;

/** Names in a PostgreSQL cluster that nobody else can have: PostgreSQL's own, the service's, and those it is born with. */
export const reservedPostgresNames = {
  user: /^(postgres|doadmin|public|none|pg_.*)$/,
  database: /^(postgres|template[01]|defaultdb)$/,
} as const;

/** Valkey, which replaced managed Redis on 2025-06-30. */
export const valkey: DatabaseEngine = {
  slug: "valkey",
  versions: ["8"],
  defaultVersion: "8",
  reason: "the only one offered",
  checkedOn: "2026-10-08",
  managedBackups: false,
  readReplicas: false,
  maximumNodes: 3,
  port: 25_061,
};

/** Every engine the platform uses. */
export const databaseEngines: readonly DatabaseEngine[] = [postgres, valkey];

/** Neo4j, which nobody manages for us: it runs on Kubernetes from the official images. */
export const neo4j = {
  /** The port of its protocol, Bolt. */
  boltPort: 7687,
  /** Port of the HTTP API over TLS, of which the cluster's state is asked. */
  httpsPort: 7473,
  /** Ports by which the members of a cluster reach each other. */
  memberPorts: { transactions: 6000, raft: 7000, routing: 7688 },
  /** Port from which the enterprise edition's online backup is fetched. */
  backupPort: 6362,
  /** Port of the enterprise edition's metrics. */
  metricsPort: 2004,
  /** User and group of the official images. */
  userId: 7474,
  /** The most members that vote: more make each write slower and nothing safer. */
  maximumMembers: 11,
  /** The least that its own documentation asks of a machine. */
  minimumMemoryMib: 2048,
} as const;
