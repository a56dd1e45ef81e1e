import * as pulumi from "@pulumi/pulumi";
import { databaseRule } from "../../components/alerting/rules.ts";
import type { ApplicationArgs } from "../../components/application/arguments.ts";
import type { EdgeArgs } from "../../components/edge/edge.ts";
import type { HealthMonitorArgs } from "../../components/health-monitor/health-monitor.ts";
import type { NetworkPlacement, WatchedDatabase } from "../../components/joints.ts";
import type { Ownership } from "../../components/ownership.ts";
import { silence } from "../../components/traffic/network-policy.ts";

/** Whose everything is in the tests. */
export const ownership: Ownership = {
  environment: "staging",
  owner: "platform-team",
  costCentre: "transcription",
};

/** A network that exists already. Made anew for each run, as outputs belong to one. */
export function placement(): NetworkPlacement {
  return {
    region: pulumi.output("tor1"),
    vpcId: pulumi.output("vpc-id"),
    addresses: { vpc: "10.16.0.0/16", pods: "10.17.0.0/16", services: "10.18.0.0/20" },
    hasNatGateway: false,
  };
}

/** A database that is watched at one threshold. Made anew for each run, as outputs belong to one. */
export function watchedDatabase(): WatchedDatabase {
  const disk = databaseRule("disk_utilization_alerts", 85, "warning: disk of a database above 85 %");
  return { clusterId: pulumi.output("db-id"), rules: { disk } };
}

const partSize = { replicas: 1, resources: { cpu: "100m", cpuLimit: "1", memory: "256Mi" } };

/** An application with all it is joined to. Made anew for each run, as outputs belong to one. */
export function applicationArgs(): ApplicationArgs {
  const postgres = (database: string) => ({
    host: pulumi.output("postgres.internal"),
    port: pulumi.output(25060),
    database: pulumi.output(database),
    user: pulumi.output("whisper"),
    password: pulumi.secret("password"),
    uri: pulumi.secret(`postgresql://whisper:password@postgres.internal/${database}`),
    caCertificate: pulumi.output("PEM"),
  });
  const valkey = (uri: string) => ({
    host: pulumi.output("valkey.internal"),
    port: pulumi.output(25061),
    user: pulumi.output("default"),
    password: pulumi.secret("password"),
    uri: pulumi.secret(uri),
  });
  return {
    ownership,
    namespace: { name: "space", guards: [] },
    images: { api: "example.com/api:1", web: "example.com/web:1", worker: "example.com/worker:1" },
    sizes: { api: partSize, web: partSize, worker: { ...partSize, pool: "workers" } },
    siteDomain: "whisper.example.com",
    apiDomain: "api.whisper.example.com",
    database: postgres("pool"),
    migrationDatabase: postgres("whisper"),
    privileges: {
      administrator: postgres("whisper"),
      owner: postgres("whisper"),
      script: "GRANT CONNECT ON DATABASE whisper TO app;",
      ownerUrlVariable: "OWNER_URL",
    },
    broker: valkey("rediss://default:password@valkey.internal:25061"),
    cache: valkey("rediss://default:password@valkey.internal:25061/1"),
    graph: {
      uri: pulumi.output("neo4j://neo4j.stores:7687"),
      user: "neo4j",
      password: pulumi.secret("password"),
      database: "neo4j",
      caCertificate: pulumi.output("PEM of Neo4j's authority"),
    },
    media: {
      bucket: pulumi.output("media"),
      region: pulumi.output("tor1"),
      endpoint: pulumi.output("https://tor1.digitaloceanspaces.com"),
      accessKeyId: pulumi.output("key"),
      secretAccessKey: pulumi.secret("secret"),
      permission: "readwrite",
    },
    traffic: { api: silence, candidate: silence, web: silence, worker: silence, migrations: silence },
  };
}

/** A health monitor that asks one of each. Made anew for each run, as outputs belong to one. */
export function healthMonitorArgs(): HealthMonitorArgs {
  const { database, broker, media } = applicationArgs();
  return {
    ownership,
    namespace: { name: "space", guards: [] },
    image: "example.com/health-monitor:0.1.0",
    asked: {
      urls: { site: "https://whisper.example.com", api: "https://api.whisper.example.com/health" },
      postgres: { "whisper-staging-postgres": database },
      valkey: { "whisper-staging-valkey": { connection: broker, queues: ["transcription", "celery"] } },
      buckets: [media],
      prometheus: { "whisper-staging-prometheus": "http://prometheus.monitoring.svc.cluster.local:9090" },
    },
    traffic: silence,
  };
}

/** An edge before an application. Made anew for each run, as outputs belong to one. */
export function edgeArgs(): EdgeArgs {
  return {
    ownership,
    namespace: { name: "space", guards: [] },
    addresses: { vpc: "10.16.0.0/16", pods: "10.17.0.0/16", services: "10.18.0.0/20" },
    siteDomain: "whisper.example.com",
    apiDomain: "api.whisper.example.com",
    certificate: { name: pulumi.output("certificate") },
    web: { host: "web.app.svc.cluster.local", port: 3000 },
    api: {
      stable: { host: "api.app.svc.cluster.local", port: 8000 },
      candidate: { host: "api-candidate.app.svc.cluster.local", port: 8000 },
    },
    consoles: {
      domain: "ops.whisper.example.com",
      backends: { grafana: { host: "grafana.monitoring.svc.cluster.local", port: 3000 } },
    },
    traffic: silence,
    media: {
      bucket: pulumi.output("media-k7f2q"),
      region: pulumi.output("tor1"),
      endpoint: pulumi.output("https://tor1.digitaloceanspaces.com"),
      accessKeyId: pulumi.output("key"),
      secretAccessKey: pulumi.secret("secret"),
      permission: "readwrite",
    },
    adminCidrs: ["203.0.113.0/24"],
    replicas: 1,
  };
}
