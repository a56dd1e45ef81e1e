import type * as pulumi from "@pulumi/pulumi";
import { Cdn } from "../components/cdn/cdn.ts";
import { DnsRecords } from "../components/dns-records/dns-records.ts";
import { Project } from "../components/project/project.ts";
import type { Deployment } from "./deployment.ts";
import { judgePlatform } from "./judgement.ts";
import { type Buckets, composeBuckets } from "./parts/buckets.ts";
import { contextOf } from "./parts/context.ts";
import { composeGround, type Ground } from "./parts/ground.ts";
import { composeHealth } from "./parts/health.ts";
import { composeLogs } from "./parts/logs.ts";
import { composeNamespaces } from "./parts/namespaces.ts";
import { composeStores, type Stores } from "./parts/stores.ts";
import { composeTraces, type Traces } from "./parts/traces.ts";
import { composeWatch, type Watch } from "./parts/watch.ts";
import { composeWorkloads, type Workloads } from "./parts/workloads.ts";
import type { Posture } from "./posture.ts";

/** What the platform consists of, for whoever reports it. */
export interface Platform
  extends Pick<Ground, "network" | "cluster" | "gpuPool">,
    Stores,
    Buckets,
    Pick<Traces, "jaeger">,
    Pick<Workloads, "neo4j" | "edge" | "gpuWorkerSecrets">,
    Watch {
  readonly siteUrl: string;
  readonly apiUrl: string;
  readonly assetsUrl: pulumi.Output<string>;
}

/**
 * The platform in one environment, wired by the components' own outputs. Each part is a file of `parts/`.
 *
 * @param deployment what the operator decides
 * @param posture how large it is, and how carefully kept
 * @throws ArgumentError or ArgumentErrors with every fault of every component at once
 */
export function composePlatform(deployment: Deployment, posture: Posture): Platform {
  const context = contextOf(deployment, posture);
  const { named, apiDomain } = context;
  judgePlatform(context);

  const ground = composeGround(context);
  const stores = composeStores(context, ground);
  const buckets = composeBuckets(context);
  const namespaces = composeNamespaces(context, ground, stores);
  const traces = composeTraces(context, ground, namespaces);
  const workloads = composeWorkloads(context, ground, stores, buckets, namespaces, traces);

  // What the internet finds
  const { dns } = ground;
  const toEdge = { type: "A", value: workloads.edge.address } as const;
  new DnsRecords(named("records"), { zone: dns.zone, records: { "@": toEdge, api: toEdge, ops: toEdge } });
  const cdn = new Cdn(named("cdn"), {
    origin: buckets.assets.bucketDomain,
    zone: dns.zone,
    certificate: dns.certificate,
    ...posture.cdn,
  });

  const logs = composeLogs(context, ground, buckets, namespaces);
  const watch = composeWatch(context, ground, stores, workloads, namespaces, { ...traces, ...logs });
  composeHealth(context, ground, stores, buckets, namespaces, watch);

  // Whose it is
  new Project(named("project"), {
    environment: deployment.environment,
    members: [
      ground.network.vpcUrn,
      ground.cluster.clusterUrn,
      stores.postgres.clusterUrn,
      stores.valkey.clusterUrn,
      ...(stores.cacheCluster ? [stores.cacheCluster.clusterUrn] : []),
      dns.domainUrn,
      ...Object.values(buckets).map(({ bucketUrn }) => bucketUrn),
      ...ground.gpuPool.dropletUrns,
    ],
  });

  return {
    ...ground,
    ...stores,
    ...buckets,
    ...workloads,
    ...traces,
    siteUrl: `https://${deployment.domain}`,
    apiUrl: `https://${apiDomain}`,
    assetsUrl: cdn.url,
    ...watch,
  };
}
