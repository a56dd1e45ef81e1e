import type * as pulumi from "@pulumi/pulumi";
import { nodeAgentsNamespace } from "../catalog/node-agents.ts";
import { Alerting } from "../components/alerting/alerting.ts";
import { Application } from "../components/application/application.ts";
import { Cdn } from "../components/cdn/cdn.ts";
import { trustedCallers } from "../components/database/trusted-sources.ts";
import { DnsRecords } from "../components/dns-records/dns-records.ts";
import { DnsZone } from "../components/dns-zone/dns-zone.ts";
import { Edge } from "../components/edge/edge.ts";
import { Falco } from "../components/falco/falco.ts";
import { Firewall } from "../components/firewall/firewall.ts";
import { visibilityTimeoutSeconds } from "../components/gpu-pool/celery.ts";
import { GpuPool } from "../components/gpu-pool/gpu-pool.ts";
import { KubernetesCluster } from "../components/kubernetes-cluster/kubernetes-cluster.ts";
import { Namespace, type NamespaceArgs } from "../components/namespace/namespace.ts";
import type { Quota } from "../components/namespace/quota.ts";
import { Neo4j } from "../components/neo4j/neo4j.ts";
import { Network } from "../components/network/network.ts";
import { ObjectStorage } from "../components/object-storage/object-storage.ts";
import { Postgres } from "../components/postgres/postgres.ts";
import { Priorities } from "../components/priorities/priorities.ts";
import { Project } from "../components/project/project.ts";
import { Prometheus } from "../components/prometheus/prometheus.ts";
import { Registry } from "../components/registry/registry.ts";
import type { Party } from "../components/traffic/declaration.ts";
import { dropletTraffic } from "../components/traffic/firewall-rules.ts";
import { podTraffic } from "../components/traffic/network-policy.ts";
import { planTraffic } from "../components/traffic/plan.ts";
import { Valkey } from "../components/valkey/valkey.ts";
import { neighboursOf } from "./address-blocks.ts";
import type { Deployment } from "./deployment.ts";
import { createGpuControl } from "./gpu-control.ts";
import { gpuWorkerEnvironment } from "./gpu-worker-environment.ts";
import { clusterReach, judgePlatform } from "./judgement.ts";
import { neo4jNodeSize } from "./neo4j-nodes.ts";
import type { Posture } from "./posture.ts";
import { nodeAgentsQuota } from "./quotas.ts";
import { namespacesOf, platformTraffic } from "./traffic.ts";

/** The queue of Celery's that GPU workers take their jobs from. */
const gpuQueue = "transcription";

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
  readonly neo4j: Neo4j;
  readonly media: ObjectStorage<"application" | "gpu-worker">;
  readonly assets: ObjectStorage<"delivery">;
  readonly backups: ObjectStorage<"backup">;
  /** The second copy of the backups, in another region. */
  readonly offsite: ObjectStorage<"backup">;
  readonly logs: ObjectStorage<"shipping">;
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
  judgePlatform(deployment, posture, named);

  // Network and name
  const network = new Network(named("network"), {
    region,
    ...posture.network,
    neighbours: neighboursOf(environment),
  });
  const { placement } = network;
  const dns = new DnsZone(named("dns"), { domain });
  const parties = platformTraffic({ elasticGpuPool: posture.gpuPool.mode === "elastic" });
  const plan = planTraffic(parties.everybody, {
    addresses: placement.addresses,
    namespaces: namespacesOf(named),
    operatorRanges: deployment.adminCidrs,
  });
  const gpuWorker = parties.gpuWorker.at;
  const trafficOf = (party: Party) => podTraffic(plan, party);

  // Where it runs
  const cluster = new KubernetesCluster(named("cluster"), {
    ownership,
    placement,
    ...posture.cluster,
    ...clusterReach(deployment),
    destroyLeftovers: !protect,
  });
  const gpuFirewall = new Firewall(named("gpu-firewall"), dropletTraffic(plan, parties.gpuWorker));
  const gpuPool = new GpuPool(
    named("gpu"),
    {
      ownership,
      placement,
      firewall: gpuFirewall.membership,
      ...posture.gpuPool,
      workerImage: deployment.images.worker,
      operatorKeys: deployment.operators,
      metricsPort: gpuWorker.metrics.port,
      settings: { ENVIRONMENT: environment, CELERY_QUEUES: gpuQueue },
    },
    { dependsOn: [network] },
  );

  // Stores
  const callers = {
    clusterId: cluster.id,
    tags: { [parties.gpuWorker.name]: gpuFirewall.membership.tag },
  };
  const postgres = new Postgres(named("postgres"), {
    ownership,
    placement,
    ...posture.postgres,
    ...trustedCallers(plan, parties.postgres, callers),
    protect,
  });
  const valkey = new Valkey(named("valkey"), {
    ownership,
    placement,
    role: "queue",
    ...posture.valkey,
    ...trustedCallers(plan, parties.valkey, callers),
    protect,
  });
  const bucket = { region, nameSuffix: bucketSuffix, protect, forceDestroy: !protect };
  const media = new ObjectStorage(named("media"), {
    ...bucket,
    consumers: { application: "readwrite", "gpu-worker": "readwrite" },
    corsOrigins: [`https://${domain}`],
  });
  const assets = new ObjectStorage(named("assets"), {
    ...bucket,
    consumers: { delivery: "readwrite" },
    // The next release brings them again.
    recovery: { point: "everything", time: "1h" },
  });
  const backups = new ObjectStorage(named("backups"), { ...bucket, consumers: { backup: "readwrite" } });
  // Spaces copies nothing by itself: whoever writes a backup writes it here too.
  const offsite = new ObjectStorage(named("offsite"), {
    ...bucket,
    region: deployment.backupRegion,
    consumers: { backup: "readwrite" },
  });
  const logs = new ObjectStorage(named("logs"), {
    ...bucket,
    consumers: { shipping: "readwrite" },
    expireDays: posture.logs.retentionDays,
    supersededDays: 1,
    // Nobody waits for them: the days that are lost are lost.
    recovery: { point: "everything", time: "1d" },
  });
  const registry = new Registry(named("registry"), {
    registryName: named("registry"),
    region,
    ...posture.registry,
    protect,
  });

  // On Kubernetes
  const onCluster = { provider: cluster.provider };
  const priorities = new Priorities(named("priorities"), { ownership }, onCluster);
  const namespaceFor = (component: string, quota: Quota, more: Partial<NamespaceArgs> = {}) =>
    new Namespace(
      named(component),
      { ownership, component, quota, prerequisites: priorities.classes, ...more },
      onCluster,
    );
  const applicationNamespace = namespaceFor("application", posture.quotas.application, {
    registry: registry.access,
  });
  const edgeNamespace = namespaceFor("edge", posture.quotas.edge);
  const monitoringNamespace = namespaceFor("monitoring", posture.quotas.monitoring);
  const nodeAgentNamespace = namespaceFor(nodeAgentsNamespace, nodeAgentsQuota(posture.cluster), {
    podSecurity: "privileged",
  });
  const storesNamespace = namespaceFor("stores", posture.quotas.stores);
  const neo4j = new Neo4j(
    named("neo4j"),
    {
      ownership,
      namespace: storesNamespace.placement,
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
      namespace: applicationNamespace.placement,
      images: deployment.images,
      sizes: posture.application,
      siteDomain: domain,
      apiDomain,
      database: postgres.pooled,
      migrationDatabase: postgres.direct,
      privileges: postgres.privileges,
      broker: valkey.connection,
      // Beside the queue: neither sees the other's keys.
      cache: valkey.connectionTo(1),
      graph: neo4j.connection,
      media: media.grants.application,
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
      traffic: trafficOf(parties.edge),
      media: media.grants.application,
      adminCidrs: deployment.adminCidrs,
      ...posture.edge,
    },
    { ...onCluster, dependsOn: [application] },
  );
  const gpuControl = createGpuControl(named, {
    ownership,
    deployment,
    pool: gpuPool,
    broker: valkey.connection,
    queue: gpuQueue,
    registry: registry.access,
    traffic: trafficOf,
    party: parties.gpuController,
    provider: cluster.provider,
  });

  // What the internet finds
  const toEdge = { type: "A", value: edge.address } as const;
  new DnsRecords(named("records"), { zone: dns.zone, records: { "@": toEdge, api: toEdge } });
  const cdn = new Cdn(named("cdn"), {
    origin: assets.bucketDomain,
    zone: dns.zone,
    certificate: dns.certificate,
  });

  // Who watches
  const gpuMachines = gpuControl
    ? { discovery: gpuControl.discovery }
    : { addresses: gpuPool.privateAddresses };
  new Falco(
    named("falco"),
    {
      ownership,
      namespace: nodeAgentNamespace.placement,
      namespacePrefix: named(""),
      traffic: trafficOf(parties.falco),
    },
    onCluster,
  );
  const prometheus = new Prometheus(
    named("prometheus"),
    {
      ownership,
      namespace: monitoringNamespace.placement,
      ...posture.monitoring,
      protect,
      traffic: trafficOf(parties.prometheus),
      targets: [
        applicationNamespace.placement,
        edgeNamespace.placement,
        storesNamespace.placement,
        nodeAgentNamespace.placement,
        ...(gpuControl ? [gpuControl.namespace] : []),
      ],
      machines: {
        "gpu-worker": { ...gpuMachines, port: gpuWorker.metrics.port },
        "gpu-worker-machine": { ...gpuMachines, port: gpuWorker.machineMetrics.port },
        "gpu-worker-gpu": { ...gpuMachines, port: gpuWorker.gpuMetrics.port },
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
      ...[media, assets, backups, offsite, logs].map(({ bucketUrn }) => bucketUrn),
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
    neo4j,
    media,
    assets,
    backups,
    offsite,
    logs,
    registry,
    prometheus,
    edge,
  };
}
