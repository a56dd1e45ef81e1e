import type * as pulumi from "@pulumi/pulumi";
import { jobQueues } from "../stacks/parts/ground.ts";
import type { Platform } from "../stacks/platform.ts";
import type { EnvironmentConfig } from "./config/index.ts";

/** What `pulumi stack output` shows: where things are and what they are called. What is secret stays so. */
export function stackOutputs(platform: Platform, config: EnvironmentConfig): Record<string, unknown> {
  const {
    network,
    cluster,
    gpuPool,
    postgres,
    valkey,
    neo4j,
    media,
    assets,
    backups,
    offsite,
    logs,
    registry,
    edge,
    prometheus,
    jaeger,
  } = platform;
  return {
    urls: {
      site: platform.siteUrl,
      api: platform.apiUrl,
      assets: platform.assetsUrl,
      grafana: platform.grafanaUrl,
    },
    edge: { address: edge.address },
    network: { vpcId: network.placement.vpcId, egressAddresses: network.egressAddresses },
    cluster: { id: cluster.id, endpoint: cluster.endpoint, version: cluster.version },
    gpuWorkers: { privateAddresses: gpuPool.privateAddresses, secrets: platform.gpuWorkerSecrets },
    postgres: endpoint(postgres.pooled, postgres.direct),
    valkey: { host: valkey.connection.host, port: valkey.connection.port, queues: jobQueues },
    neo4j: { uri: neo4j.connection.uri, user: neo4j.connection.user },
    buckets: Object.fromEntries(
      Object.entries({ media, assets, backups, offsite, logs }).map(([name, { bucketName }]) => [
        name,
        bucketName,
      ]),
    ),
    registry: { endpoint: registry.access.endpoint },
    prometheus: { address: prometheus.address },
    jaeger: { address: jaeger.address },
    ...(config.decommission && { decommission: config.decommission }),
  };
}

interface Server {
  readonly host: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  readonly database: pulumi.Output<string>;
}

function endpoint(pooled: Server, direct: Server) {
  return {
    host: direct.host,
    port: direct.port,
    database: direct.database,
    pool: { port: pooled.port, database: pooled.database },
  };
}
