import * as pulumi from "@pulumi/pulumi";
import type {
  BucketGrant,
  DatabasePrivileges,
  Neo4jConnection,
  PostgresConnection,
  ValkeyConnection,
} from "../joints.ts";

/** What the application is joined to. */
interface ApplicationJoints {
  /** The database, through its pool. */
  readonly database: PostgresConnection;
  /** Queue of the jobs. */
  readonly broker: ValkeyConnection;
  /** Cache and sessions. */
  readonly cache: ValkeyConnection;
  /** Neo4j. */
  readonly graph: Neo4jConnection;
  /** Bucket of the recordings and transcripts. */
  readonly media: BucketGrant;
}

/** Where the application is found. */
interface ApplicationAddresses {
  readonly siteDomain: string;
  readonly apiDomain: string;
}

/** What the application tells others of itself. */
interface ApplicationTelling {
  readonly traces?: string;
}

/** What the application keeps to. */
interface ApplicationLimits {
  readonly databasePoolSize?: number;
  readonly queueVisibilityTimeoutSeconds?: number;
}

/** Folder of the certificates that the application checks its stores with. */
export const certificateFolder = "/etc/whisper/certificates";
/** Certificate of the database's authority, within {@link certificateFolder}. */
export const databaseCertificate = "postgres-ca.crt";

/** Certificate of Neo4j's authority, likewise. */
export const graphCertificate = "neo4j-ca.crt";

/** Settings that anyone may read, as environment variables: the contract with the operator's images. */
export function openSettings(
  environment: string,
  { siteDomain, apiDomain }: ApplicationAddresses,
  { graph, media }: ApplicationJoints,
  { databasePoolSize = 20, queueVisibilityTimeoutSeconds, traces }: ApplicationLimits & ApplicationTelling,
): Record<string, pulumi.Input<string>> {
  return {
    ENVIRONMENT: environment,
    SENTRY_ENVIRONMENT: environment,
    SITE_URL: `https://${siteDomain}`,
    API_URL: `https://${apiDomain}`,
    ALLOWED_ORIGINS: `https://${siteDomain}`,
    DATABASE_POOL_SIZE: String(databasePoolSize),
    PGSSLROOTCERT: `${certificateFolder}/${databaseCertificate}`,
    NEO4J_URI: graph.uri,
    NEO4J_USERNAME: graph.user,
    NEO4J_DATABASE: graph.database,
    NEO4J_CA_CERTIFICATE: `${certificateFolder}/${graphCertificate}`,
    S3_ENDPOINT_URL: media.endpoint,
    S3_REGION: media.region,
    S3_BUCKET: media.bucket,
    ...(queueVisibilityTimeoutSeconds !== undefined && {
      CELERY_VISIBILITY_TIMEOUT_SECONDS: String(queueVisibilityTimeoutSeconds),
    }),
    ...(traces !== undefined && traceSettings(environment, traces)),
  };
}

/**
 * What OpenTelemetry's SDKs read. They send every trace: which are kept is decided by who sees them whole. Metrics are
 * Prometheus' to collect, and logs are read from the containers.
 */
const traceSettings = (environment: string, endpoint: string): Record<string, string> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
  OTEL_TRACES_EXPORTER: "otlp",
  OTEL_METRICS_EXPORTER: "none",
  OTEL_LOGS_EXPORTER: "none",
  OTEL_TRACES_SAMPLER: "parentbased_always_on",
  OTEL_PROPAGATORS: "tracecontext,baggage",
  OTEL_RESOURCE_ATTRIBUTES: `service.namespace=whisper,deployment.environment.name=${environment}`,
  // Puts trace and span into each line that Python logs.
  OTEL_PYTHON_LOG_CORRELATION: "true",
  OTEL_PYTHON_EXCLUDED_URLS: "health,metrics",
});

/** Settings that only the application may read, as environment variables. */
export function secretSettings(
  { database, broker, cache, graph, media }: ApplicationJoints,
  signingKey: pulumi.Input<string>,
  errorTrackingDsn: pulumi.Input<string> | undefined,
): Record<string, pulumi.Input<string>> {
  return {
    DATABASE_URL: database.uri,
    REDIS_URL: cache.uri,
    CELERY_BROKER_URL: broker.uri,
    NEO4J_PASSWORD: graph.password,
    S3_ACCESS_KEY_ID: media.accessKeyId,
    S3_SECRET_ACCESS_KEY: media.secretAccessKey,
    SECRET_KEY: signingKey,
    ...(errorTrackingDsn !== undefined && { SENTRY_DSN: errorTrackingDsn }),
  };
}

/** File of the script that gives the database's users their rights. */
export const privilegesFile = "privileges.sql";

/** What psql is told to run that script: who it is, where, and how to become the tables' owner. */
export function privilegesSettings({
  administrator,
  owner,
  ownerUrlVariable,
}: DatabasePrivileges): Record<string, pulumi.Input<string>> {
  return {
    PGHOST: administrator.host,
    PGPORT: pulumi.interpolate`${administrator.port}`,
    PGDATABASE: administrator.database,
    PGUSER: administrator.user,
    PGPASSWORD: administrator.password,
    PGSSLMODE: "verify-ca",
    [ownerUrlVariable]: owner.uri,
  };
}
