import { neo4j } from "../../catalog/engines.ts";
import type { MemorySettings } from "./memory.ts";

/** What decides a server's configuration; that of all members is the same. */
export interface ServerSettings {
  readonly edition: "community" | "enterprise";
  readonly memory: MemorySettings;
  /** Hosts of all members, as they know each other. */
  readonly members: readonly string[];
}

/** Where the official image has its data, and looks for configuration. */
export const folders = {
  data: "/data",
  configuration: "/conf",
  secrets: "/secrets",
  certificates: "/certificates",
} as const;

/** Names of the keys of the Secret with the certificates, which are the names of its files. */
export const certificateFiles = { certificate: "tls.crt", key: "tls.key", authority: "ca.crt" } as const;

/** Whom the servers believe: the one certificate that is there. Of its own, as every file in it is read as a certificate. */
export const trustedFolder = `${folders.certificates}/trusted`;

/** Neo4j's own list for the Java virtual machine; it ends, and is started again, when its heap is exhausted. */
const javaOptions = [
  "-XX:+UseG1GC",
  "-XX:-OmitStackTraceInFastThrow",
  "-XX:+AlwaysPreTouch",
  "-XX:+UnlockExperimentalVMOptions",
  "-XX:+TrustFinalNonStaticFields",
  "-XX:+DisableExplicitGC",
  "-XX:+ExitOnOutOfMemoryError",
  "-Djdk.nio.maxCachedBufferSize=1024",
  "-Dio.netty.tryReflectionSetAccessible=true",
  "-Djdk.tls.ephemeralDHKeySize=2048",
  "-Djdk.tls.rejectClientInitiatedRenegotiation=true",
  "-Dlog4j2.disable.jmx=true",
  "--add-opens=java.base/java.nio=ALL-UNNAMED",
  "--add-opens=java.base/java.io=ALL-UNNAMED",
  "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
];

/** The whole neo4j.conf. What differs from member to member comes by {@link memberEnvironment}. */
export function serverConfiguration(settings: ServerSettings): string {
  const { heapMib, pageCacheMib } = settings.memory;
  const lines: Readonly<Record<string, string>> = {
    "server.default_listen_address": "0.0.0.0",
    // On the volume: what was said before a crash outlives it.
    "server.directories.logs": `${folders.data}/logs`,
    "server.memory.heap.initial_size": `${heapMib}m`,
    "server.memory.heap.max_size": `${heapMib}m`,
    "server.memory.pagecache.size": `${pageCacheMib}m`,
    // A query that takes more is ended, not the server.
    "dbms.memory.transaction.total.max": `${Math.floor(heapMib * 0.7)}m`,
    "db.tx_log.rotation.retention_policy": "2 days 2G",
    "dbms.usage_report.enabled": "false",
    "server.http.enabled": "false",
    "server.bolt.tls_level": "REQUIRED",
    ...policyOf("bolt", "NONE"),
    ...(settings.edition === "community" ? { "server.https.enabled": "false" } : clusterSettings(settings)),
  };
  return [
    ...Object.entries(lines).map(([name, value]) => `${name}=${value}\n`),
    ...javaOptions.map((option) => `server.jvm.additional=${option}\n`),
  ].join("");
}

/** Encrypts what one of the servers' ports says; with `REQUIRE`, only to whom the same authority vouches for. */
function policyOf(scope: string, clientAuthentication: "NONE" | "REQUIRE"): Record<string, string> {
  const policy = `dbms.ssl.policy.${scope}`;
  return {
    [`${policy}.enabled`]: "true",
    [`${policy}.base_directory`]: folders.certificates,
    [`${policy}.private_key`]: certificateFiles.key,
    [`${policy}.public_certificate`]: certificateFiles.certificate,
    [`${policy}.trusted_dir`]: trustedFolder,
    [`${policy}.client_auth`]: clientAuthentication,
    [`${policy}.tls_versions`]: "TLSv1.3,TLSv1.2",
    ...(clientAuthentication === "REQUIRE" && { [`${policy}.verify_hostname`]: "true" }),
  };
}

/** What only the enterprise edition knows. */
function clusterSettings({ members }: ServerSettings): Record<string, string> {
  const count = String(members.length);
  const { transactions } = neo4j.memberPorts;
  return {
    "dbms.cluster.discovery.version": "V2_ONLY",
    "dbms.cluster.discovery.resolver_type": "LIST",
    "dbms.cluster.discovery.v2.endpoints": members.map((host) => `${host}:${transactions}`).join(","),
    // Of a new cluster: nothing is begun until all are there, and each holds the default database.
    "dbms.cluster.minimum_initial_system_primaries_count": count,
    "initial.dbms.default_primaries_count": count,
    "initial.dbms.automatically_enable_free_servers": "true",
    // The probes ask for a member's state without a password; from elsewhere the port is closed.
    "server.https.enabled": "true",
    ...policyOf("https", "NONE"),
    ...policyOf("cluster", "REQUIRE"),
    ...policyOf("backup", "REQUIRE"),
    "dbms.security.cluster_status_auth_enabled": "false",
    "server.backup.enabled": "true",
    "server.backup.listen_address": `0.0.0.0:${neo4j.backupPort}`,
    "server.metrics.csv.enabled": "false",
    "server.metrics.prometheus.enabled": "true",
    "server.metrics.prometheus.endpoint": `0.0.0.0:${neo4j.metricsPort}`,
    // A member whose store has failed is started again, rather than to go on half.
    "server.panic.shutdown_on_panic": "true",
  };
}

/**
 * What a pod tells its image by environment variables, which the image writes into the configuration.
 *
 * @param host the member's own, which may contain `$(POD_NAME)`
 */
export function memberEnvironment(host: string, edition: ServerSettings["edition"]): Record<string, string> {
  const { transactions, raft, routing } = neo4j.memberPorts;
  const common = {
    // A file rather than a variable, which every program in the container would inherit.
    NEO4J_AUTH_PATH: `${folders.secrets}/${passwordKey}`,
    NEO4J_server_default__advertised__address: host,
    // The image sets it to a folder that ends with the pod, unless it is told.
    NEO4J_server_directories_logs: `${folders.data}/logs`,
  };
  if (edition === "community") return common;
  return {
    ...common,
    // The image names the pod alone here, which nobody could resolve.
    NEO4J_server_cluster_advertised__address: `${host}:${transactions}`,
    NEO4J_server_cluster_raft_advertised__address: `${host}:${raft}`,
    NEO4J_server_routing_advertised__address: `${host}:${routing}`,
  };
}

/** The key of the Secret that holds user and password, as the image wants them: `neo4j/<password>`. */
export const passwordKey = "NEO4J_AUTH";
