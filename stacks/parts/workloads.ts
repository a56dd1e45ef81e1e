import type * as pulumi from "@pulumi/pulumi";
import { Application } from "../../components/application/application.ts";
import { Edge } from "../../components/edge/edge.ts";
import { browserSpansPath } from "../../components/edge/nginx.ts";
import { visibilityTimeoutSeconds } from "../../components/gpu-pool/celery.ts";
import type { NamespacePlacement } from "../../components/namespace/placement.ts";
import { Neo4j } from "../../components/neo4j/neo4j.ts";
import type { Deployment } from "../deployment.ts";
import { neo4jNodeSize } from "../neo4j-nodes.ts";
import type { Buckets } from "./buckets.ts";
import { consolesOf } from "./consoles.ts";
import type { Context } from "./context.ts";
import { createGpuControl, createGpuSecretsDelivery, type GpuControl } from "./gpu-control.ts";
import { gpuWorkerSecrets } from "./gpu-worker-secrets.ts";
import { type Ground, gpuQueue } from "./ground.ts";
import type { Namespaces } from "./namespaces.ts";
import type { Stores } from "./stores.ts";
import type { Traces } from "./traces.ts";

/** What runs on the cluster for the sake of the users. */
export interface Workloads {
  readonly neo4j: Neo4j;
  readonly edge: Edge;
  /** Steers an elastic GPU pool; a fixed one needs nobody. */
  readonly gpuControl: GpuControl | undefined;
  /** Namespace of who delivers the GPU workers' secrets, where that is not an operator. */
  readonly gpuSecretsNamespace: NamespacePlacement | undefined;
  /** What the GPU workers are to be given. Secret. */
  readonly gpuWorkerSecrets: pulumi.Output<string>;
}

/** Puts the application onto the cluster, its Neo4j, what the internet reaches it by, and what steers its GPU workers. */
export function composeWorkloads(
  context: Context,
  ground: Ground,
  { postgres, valkey, cache, registry }: Stores,
  { media }: Buckets,
  namespaces: Namespaces,
  { collector }: Traces,
): Workloads {
  const { deployment, posture, ownership, protect, named, apiDomain, operatorsDomain, parties } = context;
  const { network, dns, images, cluster, gpuPool, trafficOf } = ground;
  const onCluster = { provider: cluster.provider };
  const neo4j = new Neo4j(
    named("neo4j"),
    {
      ownership,
      namespace: namespaces.stores,
      ...posture.neo4j,
      nodeSize: neo4jNodeSize(posture),
      ...(deployment.neo4jLicence !== undefined && { licence: deployment.neo4jLicence }),
      traffic: trafficOf(parties.neo4j),
      protect,
    },
    onCluster,
  );
  const application = new Application(
    named("app"),
    {
      ownership,
      namespace: namespaces.application,
      images: images.application,
      sizes: posture.application,
      siteDomain: deployment.domain,
      apiDomain,
      database: postgres.pooled,
      migrationDatabase: postgres.direct,
      privileges: postgres.privileges,
      broker: valkey.connection,
      cache,
      graph: neo4j.connection,
      media: media.grants.application,
      traces: collector.endpoint,
      browserSettings: browserSettings(deployment, apiDomain),
      // Each worker gives back what the others seem to have forgotten: all must agree on when that is.
      queueVisibilityTimeoutSeconds: visibilityTimeoutSeconds(posture.gpuPool.longestJobSeconds),
      traffic: {
        api: trafficOf(parties.application.api),
        candidate: trafficOf(parties.application.candidate),
        web: trafficOf(parties.application.web),
        worker: trafficOf(parties.application.worker),
        migrations: trafficOf(parties.application.migrations),
      },
      ...(deployment.errorTrackingDsn && { errorTrackingDsn: deployment.errorTrackingDsn }),
    },
    onCluster,
  );
  const browserDsn = deployment.browsers?.errorTrackingDsn;
  const edge = new Edge(
    named("proxy"),
    {
      ownership,
      namespace: namespaces.edge,
      addresses: network.placement.addresses,
      siteDomain: deployment.domain,
      apiDomain,
      certificate: dns.certificate,
      web: application.web,
      api: application.api,
      consoles: { domain: operatorsDomain, backends: consolesOf(named, namespaces, posture) },
      traffic: trafficOf(parties.edge),
      media: media.grants.application,
      adminCidrs: deployment.adminCidrs,
      ...(deployment.browsers?.traces && { browserSpans: collector.browsers }),
      ...(browserDsn !== undefined && { errorTracker: new URL(browserDsn).origin }),
      ...posture.edge,
    },
    { ...onCluster, dependsOn: [application] },
  );
  const secrets = gpuWorkerSecrets({
    database: postgres.pooled,
    queue: valkey.connection,
    media: media.grants["gpu-worker"],
    registry: registry.access,
  });
  const control = {
    ownership,
    deployment,
    pool: gpuPool,
    registry: registry.access,
    traffic: trafficOf,
    provider: cluster.provider,
  };
  const gpuControl = createGpuControl(named, {
    ...control,
    broker: valkey.connection,
    queue: gpuQueue,
    party: parties.gpuController,
  });
  const gpuSecretsNamespace = createGpuSecretsDelivery(named, {
    ...control,
    bundle: secrets,
    parties,
  });
  return { neo4j, edge, gpuControl, gpuSecretsNamespace, gpuWorkerSecrets: secrets };
}

/** What the front end hands to its pages: none of it is secret. */
function browserSettings({ browsers }: Deployment, apiDomain: string): Record<string, string> {
  return {
    ...(browsers?.traces && { PUBLIC_OTLP_TRACES_URL: `https://${apiDomain}${browserSpansPath}` }),
    ...(browsers?.errorTrackingDsn !== undefined && { PUBLIC_SENTRY_DSN: browsers.errorTrackingDsn }),
  };
}
