import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentChecks } from "../errors.ts";
import type {
  BucketGrant,
  DatabasePrivileges,
  Neo4jConnection,
  PostgresConnection,
  ValkeyConnection,
} from "../joints.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import type { Ownership } from "../ownership.ts";
import type { PodTraffic } from "../traffic/network-policy.ts";
import type { Resources } from "../workload/pod.ts";
import { checkReplicas, checkResources, type Replicas } from "../workload/sizing.ts";
import type { applicationTraffic } from "./traffic.ts";

/** A part of the application, by the name that the traffic plan knows. */
export type ApplicationPart = keyof ReturnType<typeof applicationTraffic>;

/** Size of one part of the application. */
export interface PartSize {
  /** How many pods; of the API and of the front end at least one. */
  readonly replicas: Replicas;
  /** What each pod is promised and allowed. */
  readonly resources: Resources;
  /**
   * Pool whose nodes it runs on.
   * @default any
   */
  readonly pool?: string;
}

/** Finds what is wrong with the sizes of an Application's parts. */
export function checkPartSizes(checks: ArgumentChecks, sizes: ApplicationArgs["sizes"]): void {
  for (const [part, { replicas, resources }] of Object.entries(sizes)) {
    // Without a worker jobs wait; without the others the edge has nobody to ask.
    checkReplicas(checks, `${part}.replicas`, replicas, part === "worker" ? 0 : 1);
    checkResources(checks, `${part}.resources`, resources);
  }
}

/** Arguments of an Application. */
export interface ApplicationArgs {
  /** Whose it is. */
  readonly ownership: Ownership;
  /**
   * Where it goes.
   *
   * Caution: a change replaces everything in it.
   */
  readonly namespace: NamespacePlacement;
  /**
   * Builds that run, each with its registry and a fixed version.
   * @example { api: "registry.digitalocean.com/whisper/api:1.4.2", web: ..., worker: ... }
   */
  readonly images: Readonly<Record<"api" | "web" | "worker", pulumi.Input<string>>>;
  /** How many of each part there are, and how large. */
  readonly sizes: Readonly<Record<"api" | "web" | "worker", PartSize>>;
  /** Domain of the front end. @example "whisper.example.com" */
  readonly siteDomain: string;
  /** Domain of the API. @example "api.whisper.example.com" */
  readonly apiDomain: string;
  /** The database through its pool, for the application. */
  readonly database: PostgresConnection;
  /** The database itself, for the migrations: a pool by transaction cannot hold their locks. */
  readonly migrationDatabase: PostgresConnection;
  /** What gives the database's users their rights, before the migrations run. */
  readonly privileges: DatabasePrivileges;
  /** Queue of the jobs; whatever holds it must never forget. */
  readonly broker: ValkeyConnection;
  /** Cache and sessions. */
  readonly cache: ValkeyConnection;
  /** Neo4j. */
  readonly graph: Neo4jConnection;
  /** Bucket of the recordings and transcripts. */
  readonly media: BucketGrant;
  /**
   * Address that takes spans, by OTLP over HTTP.
   * @default nobody takes any
   * @example collector.endpoint
   */
  readonly traces?: string;
  /** What each part may connect to, and what to it, by its part of the traffic plan. */
  readonly traffic: Readonly<Record<ApplicationPart, PodTraffic>>;
  /**
   * Command that brings the database's schema up to date; part of the API's image.
   * @default ["alembic", "upgrade", "head"]
   */
  readonly migrationCommand?: readonly string[];
  /**
   * Connections that one process of the application may hold.
   * @default 20
   */
  readonly databasePoolSize?: number;
  /**
   * After how long a job that a worker took, and neither finished nor gave back, is given to another: the same for
   * every worker on the broker, and longer than the longest job.
   * @default Celery's own hour
   */
  readonly queueVisibilityTimeoutSeconds?: number;
  /**
   * What browsers are told, by name: the front end hands it to its pages. Nothing in it is secret.
   * @default nothing
   * @example { PUBLIC_SENTRY_DSN: "https://key@errors.example.com/2" }
   */
  readonly browserSettings?: Readonly<Record<string, string>>;
  /**
   * Where errors are reported; a secret.
   * @default they are only logged
   */
  readonly errorTrackingDsn?: pulumi.Input<string>;
}
