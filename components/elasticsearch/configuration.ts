import { stringify } from "yaml";
import { watermarks } from "./arguments.ts";
import { elasticsearchPorts } from "./traffic.ts";

/** Where the official image has its settings and its data. */
export const folders = {
  configuration: "/usr/share/elasticsearch/config",
  certificates: "/usr/share/elasticsearch/config/certificates",
  data: "/usr/share/elasticsearch/data",
  logs: "/usr/share/elasticsearch/logs",
} as const;

/** Names of the keys of the Secret with the certificates, which are the names of its files. */
export const certificateFiles = { certificate: "tls.crt", key: "tls.key", authority: "ca.crt" } as const;

/** Environment variables that say where snapshots go. */
export const bucketVariables = { endpoint: "S3_ENDPOINT", region: "S3_REGION" } as const;

/** Environment variable that every pod of ours has. */
const podNameVariable = "POD_NAME";

/** What decides the settings of the nodes, which are the same for all. */
export interface NodeSettings {
  readonly clusterName: string;
  /** Names of the nodes, which are those of their pods. */
  readonly members: readonly string[];
  /** Hosts of the nodes. */
  readonly hosts: readonly string[];
}

/** The whole elasticsearch.yml. */
export function nodeConfiguration({ clusterName, members, hosts }: NodeSettings): string {
  const certificate = {
    key: `${folders.certificates}/${certificateFiles.key}`,
    certificate: `${folders.certificates}/${certificateFiles.certificate}`,
    certificate_authorities: [`${folders.certificates}/${certificateFiles.authority}`],
  };
  const settings = {
    "cluster.name": clusterName,
    "node.name": `\${${podNameVariable}}`,
    // Files of the index mapped into memory would need a setting of the node's kernel that no restricted pod may change.
    "node.store.allow_mmap": false,
    "path.data": folders.data,
    "path.logs": folders.logs,
    "network.host": "0.0.0.0",
    "http.port": elasticsearchPorts.http,
    "transport.port": elasticsearchPorts.transport,
    "readiness.port": elasticsearchPorts.readiness,
    ...(members.length === 1
      ? { "discovery.type": "single-node" }
      : {
          "discovery.seed_hosts": hosts.map((host) => `${host}:${elasticsearchPorts.transport}`),
          // Counts for a cluster that never was; one that is there knows its members.
          "cluster.initial_master_nodes": members,
        }),
    "cluster.routing.allocation.disk.watermark.low": `${watermarks.low}%`,
    "cluster.routing.allocation.disk.watermark.high": `${watermarks.high}%`,
    "cluster.routing.allocation.disk.watermark.flood_stage": `${watermarks.flood}%`,
    "xpack.license.self_generated.type": "basic",
    "xpack.security.enabled": true,
    "xpack.security.autoconfiguration.enabled": false,
    // Who there is stands in files of ours; no user is built in, so that none has a password that nobody drew.
    "xpack.security.authc.reserved_realm.enabled": false,
    "xpack.security.authc.realms.file.platform.order": 0,
    "xpack.security.http.ssl": { enabled: true, client_authentication: "none", ...certificate },
    // The authority vouches for these nodes and nobody else, who call each other by addresses that no certificate bears.
    "xpack.security.transport.ssl": {
      enabled: true,
      verification_mode: "certificate",
      client_authentication: "required",
      ...certificate,
    },
    // Neither is used, and both want what a pod has not: a program of its own, and the internet.
    "xpack.ml.enabled": false,
    "ingest.geoip.downloader.enabled": false,
    "s3.client.default.endpoint": `\${${bucketVariables.endpoint}}`,
    "s3.client.default.region": `\${${bucketVariables.region}}`,
  };
  return stringify(settings, { lineWidth: 0 });
}

/** Java's heap, of one size from the start. */
export const heapOptions = (heapMib: number): string => `-Xms${heapMib}m\n-Xmx${heapMib}m\n`;

/** What there is to be done by others than the built-in roles; what is not named may not be done. */
export function roles(pattern: string): string {
  return stringify({
    logs_writer: {
      indices: [{ names: [pattern], privileges: ["create_doc", "auto_configure"] }],
    },
    logs_reader: {
      indices: [{ names: [pattern], privileges: ["read", "view_index_metadata"] }],
    },
    // How nodes, snapshots and their schedule are; what is asked of the schedule is in no privilege that changes nothing.
    health_reader: {
      cluster: [
        "monitor",
        "monitor_snapshot",
        ...["get", "status", "stats"].map((action) => `cluster:admin/slm/${action}`),
      ],
    },
  });
}

/** Everybody there is, and what each may do. */
export const userRoles = {
  setup: ["superuser"],
  shipping: ["logs_writer"],
  kibana: ["kibana_system"],
  operator: ["kibana_admin", "logs_reader", "monitoring_user", "health_reader"],
  metrics: ["health_reader"],
} as const satisfies Record<string, readonly string[]>;

/** Name of somebody there is. */
export type User = keyof typeof userRoles;

/** The file of who has which role: a line for each role. */
export function rolesOfUsers(): string {
  const names = [...new Set(Object.values(userRoles).flat())];
  const having = (role: string) =>
    Object.entries(userRoles).flatMap(([user, own]) => (own.some((each) => each === role) ? [user] : []));
  return names.map((role) => `${role}:${having(role).join(",")}\n`).join("");
}
