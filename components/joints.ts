import type * as pulumi from "@pulumi/pulumi";
import type { DatabaseEngine } from "../catalog/engines.ts";
import type { FirewallRule } from "./firewall/rules.ts";

/*
 * What one component hands to another. A joint carries values that are known only once its maker is ready
 * to be used (firewall in place, user made), so whoever takes the joint waits for that by itself.
 */

/** Non-overlapping address ranges of one environment, in CIDR notation. */
export interface AddressPlan {
  /** The VPC: droplets, Kubernetes nodes, databases and load balancers take their addresses here. */
  readonly vpc: string;
  /** Kubernetes pods. */
  readonly pods: string;
  /** Kubernetes services. */
  readonly services: string;
}

/** Where a resource goes. */
export interface NetworkPlacement {
  /** Region slug, the same for everything in the network. */
  readonly region: pulumi.Output<string>;
  readonly vpcId: pulumi.Output<string>;
  readonly addresses: AddressPlan;
  /** Whether the network's way out is a NAT gateway, so that members need no public address. */
  readonly hasNatGateway: boolean;
}

/** How to reach one PostgreSQL database as one user, over the VPC and with TLS. */
export interface PostgresConnection {
  readonly host: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  /** Name of the database, or of the pool that stands before it. */
  readonly database: pulumi.Output<string>;
  readonly user: pulumi.Output<string>;
  /** Secret. */
  readonly password: pulumi.Output<string>;
  /** `postgresql://...?sslmode=require`, credentials included. Secret. */
  readonly uri: pulumi.Output<string>;
  /** PEM of the authority that signed the server's certificate, for `sslmode=verify-full`. */
  readonly caCertificate: pulumi.Output<string>;
}

/** How a database's users come to their rights: by a script, which the administrator runs before the first migration. */
export interface DatabasePrivileges {
  /** The cluster's own administrator, in the database. */
  readonly administrator: PostgresConnection;
  /** The owner of the tables, whom the script becomes. */
  readonly owner: PostgresConnection;
  /** For psql; changes nothing when it is run again. */
  readonly script: string;
  /** Environment variable in which the script looks for the owner's URI. */
  readonly ownerUrlVariable: string;
}

/** How to reach a Valkey, over the VPC and with TLS. */
export interface ValkeyConnection {
  readonly host: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  readonly user: pulumi.Output<string>;
  /** Secret. */
  readonly password: pulumi.Output<string>;
  /** `rediss://...`, credentials included. Secret. */
  readonly uri: pulumi.Output<string>;
}

/** Where DigitalOcean tells what it measures of a database cluster and its node, over the VPC and with TLS. */
export interface DatabaseMetrics {
  readonly engine: DatabaseEngine["slug"];
  readonly host: pulumi.Output<string>;
  readonly port: number;
  /** The same for all clusters of the account, as is {@link password}. */
  readonly user: pulumi.Output<string>;
  /** Secret. */
  readonly password: pulumi.Output<string>;
  /** PEM of the authority that signed the endpoint's certificate. */
  readonly caCertificate: pulumi.Output<string>;
}

/** How to reach a Neo4j from within the cluster. */
export interface Neo4jConnection {
  /** `neo4j://<host>:7687`, for any of Neo4j's drivers: it finds the member that leads by itself. */
  readonly uri: pulumi.Output<string>;
  readonly user: string;
  /** Secret. */
  readonly password: pulumi.Output<string>;
  readonly database: string;
  /** PEM of the authority that signed the servers' certificates: without TLS, nobody is answered. */
  readonly caCertificate: pulumi.Output<string>;
}

/** What a consumer may do with a bucket's objects. */
export type BucketPermission = "read" | "readwrite";

/** One consumer's own key to one bucket. */
export interface BucketGrant {
  /** Name of the bucket. */
  readonly bucket: pulumi.Output<string>;
  readonly region: pulumi.Output<string>;
  /** `https://<region>.digitaloceanspaces.com`, for any S3 client. */
  readonly endpoint: pulumi.Output<string>;
  readonly accessKeyId: pulumi.Output<string>;
  /** Secret. */
  readonly secretAccessKey: pulumi.Output<string>;
  readonly permission: BucketPermission;
}

/** How to reach an Elasticsearch from within the cluster, as one user. */
export interface ElasticsearchConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Secret. */
  readonly password: pulumi.Output<string>;
  /** PEM of the authority that signed the servers' certificates. */
  readonly caCertificate: pulumi.Output<string>;
}

/** Where logs are kept, for whoever ships them. */
export type LogStore = {
  /** Host within the cluster. */
  readonly host: string;
  readonly port: number;
} & (
  | { readonly kind: "loki" }
  | {
      readonly kind: "elasticsearch";
      /** What is written to, and nothing else can be. */
      readonly dataStream: string;
      readonly user: string;
      /** Secret. */
      readonly password: pulumi.Output<string>;
      /** PEM of the authority that signed the servers' certificates. */
      readonly caCertificate: pulumi.Output<string>;
    }
);

/** How to pull images from the platform's registry. */
export interface RegistryAccess {
  /** What image names begin with, e.g. `registry.digitalocean.com/whisper-staging-registry`. */
  readonly endpoint: pulumi.Output<string>;
  /** A `.dockerconfigjson` that may pull and not push. Secret. */
  readonly dockerConfigJson: pulumi.Output<string>;
}

/** A domain whose records DigitalOcean serves. */
export interface DnsZoneReference {
  readonly domain: pulumi.Output<string>;
}

/** A TLS certificate, by name: its id changes each time it is renewed. */
export interface CertificateReference {
  readonly name: pulumi.Output<string>;
}

/** What puts a droplet behind a firewall. */
export interface FirewallMembership {
  /** The tag to whose bearers the firewall applies; known only once it is in place. */
  readonly tag: pulumi.Output<string>;
  /** What the firewall lets in, for a member's own firewall to say the same. */
  readonly inbound: readonly FirewallRule[];
}

/** A threshold DigitalOcean watches by itself. */
export interface MonitorRule {
  /** What the API calls the measured value. */
  readonly type: string;
  readonly compare: "GreaterThan" | "LessThan";
  readonly value: pulumi.Input<number>;
  /** Over how long the value is averaged. */
  readonly window: "5m" | "10m" | "30m" | "1h";
  /** What whoever is woken reads; the severity comes first. */
  readonly description: string;
}

/** Thresholds, by what an alert's name ends with. */
export type MonitorRules = Readonly<Record<string, MonitorRule>>;

/** A database cluster, and when somebody is told about it. */
export interface WatchedDatabase {
  readonly clusterId: pulumi.Output<string>;
  readonly rules: MonitorRules;
}
