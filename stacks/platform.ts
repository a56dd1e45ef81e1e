import type * as pulumi from "@pulumi/pulumi";
import { Alerting } from "../components/alerting/alerting.ts";
import { Application } from "../components/application/application.ts";
import { applicationPorts } from "../components/application/parts.ts";
import { Cdn } from "../components/cdn/cdn.ts";
import { DnsRecords } from "../components/dns-records/dns-records.ts";
import { DnsZone } from "../components/dns-zone/dns-zone.ts";
import { Edge, exporterPort } from "../components/edge/edge.ts";
import { Firewall } from "../components/firewall/firewall.ts";
import { GpuPool } from "../components/gpu-pool/gpu-pool.ts";
import { KubernetesCluster } from "../components/kubernetes-cluster/kubernetes-cluster.ts";
import { Namespace } from "../components/namespace/namespace.ts";
import { Network } from "../components/network/network.ts";
import { ObjectStorage } from "../components/object-storage/object-storage.ts";
import { Postgres } from "../components/postgres/postgres.ts";
import { Project } from "../components/project/project.ts";
import { Prometheus } from "../components/prometheus/prometheus.ts";
import { Registry } from "../components/registry/registry.ts";
import { Valkey } from "../components/valkey/valkey.ts";
import type { Deployment } from "./deployment.ts";
import { gpuWorkerEnvironment } from "./gpu-worker-environment.ts";
import { gpuWorkerTraffic } from "./gpu-worker-traffic.ts";
import type { Posture } from "./posture.ts";

/** What the platform consists of, for whoever reports it. */
export interface Platform {
  readonly siteUrl: string;
  readonly apiUrl: string;
  readonly assetsUrl: pulumi.Output<string>;
  readonly network: Network;
  readonly cluster: KubernetesCluster;
  readonly gpuPool: GpuPool;
  /** What the GPU workers are to be told by an operator. Secret. */
  readonly gpuWorkerEnvironment: pulumi.Output<string>;
  readonly postgres: Postgres;
  readonly valkey: Valkey;
  readonly media: ObjectStorage<"application" | "gpu-worker">;
  readonly assets: ObjectStorage<"delivery">;
  readonly backups: ObjectStorage<"backup">;
  readonly registry: Registry;
  readonly prometheus: Prometheus;
  readonly edge: Edge;
}

/**
 * The platform in one environment, wired by the components' own outputs.
 *
 * @param deployment what the operator decides
 * @param posture how large it is, and how carefully kept
 */
export function composePlatform(deployment: Deployment, posture: Posture): Platform {
  const { environment, region, domain, bucketSuffix } = deployment;
  const ownership = { environment, owner: deployment.owner, costCentre: deployment.costCentre };
  const protect = posture.protectStores && !deployment.decommissioned;
  const apiDomain = `api.${domain}`;
  const named = (thing: string) => `whisper-${environment}-${thing}`;

  // Network and name
  const network = new Network(named("network"), { region, ...posture.network });
  const { placement } = network;
  const dns = new DnsZone(named("dns"), { domain });

  // Where it runs
  const cluster = new KubernetesCluster(named("cluster"), {
    ownership,
    placement,
    ...posture.cluster,
    destroyLeftovers: !protect,
  });
  const gpuFirewall = new Firewall(
    named("gpu-firewall"),
    gpuWorkerTraffic(deployment.adminCidrs, placement.addresses),
  );
  const gpuPool = new GpuPool(
    named("gpu"),
    {
      ownership,
      placement,
      firewall: gpuFirewall.membership,
      ...posture.gpuPool,
      workerImage: deployment.images.worker,
      operatorKeys: deployment.operators,
      operatorRanges: deployment.adminCidrs,
      settings: { ENVIRONMENT: environment, CELERY_QUEUES: "transcription" },
    },
    { dependsOn: [network] },
  );

  // Stores
  const trusted = { trustedClusterIds: [cluster.id], trustedTags: [gpuFirewall.membership.tag] };
  const postgres = new Postgres(named("postgres"), {
    ownership,
    placement,
    ...posture.postgres,
    ...trusted,
    protect,
  });
  const valkey = new Valkey(named("valkey"), {
    ownership,
    placement,
    role: "queue",
    ...posture.valkey,
    ...trusted,
    protect,
  });
  const bucket = { region, nameSuffix: bucketSuffix, protect, forceDestroy: !protect };
  const media = new ObjectStorage(named("media"), {
    ...bucket,
    consumers: { application: "readwrite", "gpu-worker": "readwrite" },
    corsOrigins: [`https://${domain}`],
  });
  const assets = new ObjectStorage(named("assets"), { ...bucket, consumers: { delivery: "readwrite" } });
  const backups = new ObjectStorage(named("backups"), { ...bucket, consumers: { backup: "readwrite" } });
  const registry = new Registry(named("registry"), {
    registryName: named("registry"),
    region,
    ...posture.registry,
    protect,
  });

  // On Kubernetes
  const onCluster = { provider: cluster.provider };
  const applicationNamespace = new Namespace(
    named("application"),
    { ownership, component: "application", quota: posture.quotas.application, registry: registry.access },
    onCluster,
  );
  const edgeNamespace = new Namespace(
    named("edge"),
    { ownership, component: "edge", quota: posture.quotas.edge },
    onCluster,
  );
  const monitoringNamespace = new Namespace(
    named("monitoring"),
    { ownership, component: "monitoring", quota: posture.quotas.monitoring },
    onCluster,
  );
  const monitoring = { component: "prometheus", namespace: monitoringNamespace.placement.name };
  const application = new Application(
    named("app"),
    {
      ownership,
      namespace: applicationNamespace.placement,
      images: deployment.images,
      sizes: posture.application,
      siteDomain: domain,
      apiDomain,
      database: postgres.pooled,
      migrationDatabase: postgres.direct,
      cache: valkey.connection,
      media: media.grants.application,
      storesCidr: placement.addresses.vpc,
      edge: { component: "edge", namespace: edgeNamespace.placement.name },
      monitoring,
      ...(deployment.errorTrackingDsn && { errorTrackingDsn: deployment.errorTrackingDsn }),
    },
    onCluster,
  );
  const edge = new Edge(
    named("proxy"),
    {
      ownership,
      namespace: edgeNamespace.placement,
      addresses: placement.addresses,
      siteDomain: domain,
      apiDomain,
      certificate: dns.certificate,
      web: application.web,
      api: application.api,
      applicationNamespace: applicationNamespace.placement.name,
      monitoring,
      media: media.grants.application,
      adminCidrs: deployment.adminCidrs,
      ...posture.edge,
    },
    { ...onCluster, dependsOn: [application] },
  );

  // What the internet finds
  const toEdge = { type: "A", value: edge.address } as const;
  new DnsRecords(named("records"), { zone: dns.zone, records: { "@": toEdge, api: toEdge } });
  const cdn = new Cdn(named("cdn"), {
    origin: assets.bucketDomain,
    zone: dns.zone,
    certificate: dns.certificate,
  });

  // Who watches
  const prometheus = new Prometheus(
    named("prometheus"),
    {
      ownership,
      namespace: monitoringNamespace.placement,
      ...posture.monitoring,
      protect,
      targets: [
        {
          namespace: applicationNamespace.placement,
          components: { api: applicationPorts.api, "api-candidate": applicationPorts.api },
        },
        { namespace: edgeNamespace.placement, components: { edge: exporterPort } },
      ],
      machines: {
        "gpu-worker": {
          addresses: gpuPool.privateAddresses,
          port: gpuPool.metricsPort,
          cidr: placement.addresses.vpc,
        },
      },
    },
    onCluster,
  );
  const siteUrl = `https://${domain}`;
  const apiUrl = `https://${apiDomain}`;
  new Alerting(named("alerts"), {
    endpoints: { site: siteUrl, api: `${apiUrl}/health` },
    dropletTags: [gpuFirewall.membership.tag],
    databaseIds: [postgres.clusterId, valkey.clusterId],
    ...deployment.alerts,
  });

  // Whose it is
  new Project(named("project"), {
    environment,
    members: [
      cluster.clusterUrn,
      postgres.clusterUrn,
      valkey.clusterUrn,
      dns.domainUrn,
      ...[media, assets, backups].map(({ bucketUrn }) => bucketUrn),
      ...gpuPool.dropletUrns,
    ],
  });

  return {
    siteUrl,
    apiUrl,
    assetsUrl: cdn.url,
    network,
    cluster,
    gpuPool,
    gpuWorkerEnvironment: gpuWorkerEnvironment(
      postgres.pooled,
      valkey.connection,
      media.grants["gpu-worker"],
    ),
    postgres,
    valkey,
    media,
    assets,
    backups,
    registry,
    prometheus,
    edge,
  };
}
