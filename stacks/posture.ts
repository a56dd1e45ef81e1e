import type { PartSize } from "../components/application/arguments.ts";
import type { CdnSizing } from "../components/cdn/cdn.ts";
import type { ElasticsearchSizing } from "../components/elasticsearch/arguments.ts";
import type { GpuPosture } from "../components/gpu-pool/arguments.ts";
import type { JaegerSizing } from "../components/jaeger/jaeger.ts";
import type { NodePoolArgs } from "../components/kubernetes-cluster/node-pools.ts";
import type { LokiSizing } from "../components/loki/loki.ts";
import type { Quota } from "../components/namespace/quota.ts";
import type { Neo4jSizing } from "../components/neo4j/arguments.ts";
import type { CollectorSizing } from "../components/opentelemetry-collector/opentelemetry-collector.ts";
import type { PostgresSizing } from "../components/postgres/arguments.ts";
import type { PrometheusArgs } from "../components/prometheus/prometheus.ts";
import type { ValkeySizing } from "../components/valkey/valkey.ts";
import type { Replicas } from "../components/workload/sizing.ts";

/**
 * Where logs are kept, and how long: in Loki, which is small, or in Elasticsearch with Kibana (`elk`), which finds each word of
 * them. What is sent, masked and alerted on is the same.
 *
 * Caution: a change begins anew; what was kept before is where it was, and goes with its store.
 */
export type LogsPosture =
  | ({ readonly store: "loki" } & LokiSizing)
  | ({ readonly store: "elk" } & ElasticsearchSizing);

/** How one environment differs from another in size and care: everything that is not a value of a deployment. */
export interface Posture {
  readonly network: {
    /** Block of private addresses; no two environments share one. */
    readonly addressBlock: string;
    /** Whether what has no public address leaves through one gateway. */
    readonly natGateway: boolean;
  };
  readonly cluster: {
    /** Whether the control plane is replicated. */
    readonly highlyAvailable: boolean;
    /** `general` takes any pod; `memory` is kept for stores, which hold their data there. */
    readonly pools: Readonly<Record<"general" | "memory", NodePoolArgs>> &
      Readonly<Record<string, NodePoolArgs>>;
  };
  /** Whether the GPU workers are so many (`fixed`), or as many as their queue asks for (`elastic`). */
  readonly gpuPool: GpuPosture;
  readonly postgres: Omit<PostgresSizing, "region">;
  /** The queue's cluster. */
  readonly valkey: Omit<ValkeySizing, "region" | "role"> & {
    /**
     * A cluster of their own for cache and sessions, which then fill no memory that the queue needs; of the role `sessions`
     * unless it says another, since `cache` may forget who is signed in.
     * Default: they are beside the queue, in a numbered database.
     */
    readonly cache?: Omit<ValkeySizing, "region">;
  };
  readonly neo4j: Pick<Neo4jSizing, "edition" | "members" | "resources" | "diskGib"> & {
    /** Pool whose nodes it runs on. */
    readonly pool: string;
  };
  readonly registry: { readonly tier: "basic" | "professional" };
  readonly application: { readonly api: PartSize; readonly web: PartSize; readonly worker: PartSize };
  /** The most that each namespace may ask of the cluster, a roll-out and a release's candidate included. */
  readonly quotas: {
    readonly application: Quota;
    readonly edge: Quota;
    readonly monitoring: Quota;
    readonly stores: Quota;
    readonly logs: Quota;
  };
  readonly edge: { readonly replicas: Replicas; readonly loadBalancerNodes: number };
  readonly monitoring: Pick<PrometheusArgs, "series" | "history"> &
    Required<Pick<PrometheusArgs, "diskGib" | "retentionDays" | "replicas">>;
  readonly alertmanager: { readonly replicas: 1 | 2 };
  /** Static files at DigitalOcean's edge. */
  readonly cdn: Required<Pick<CdnSizing, "ttlSeconds">>;
  /** Who takes spans, and who keeps them. */
  readonly traces: { readonly collector: CollectorSizing; readonly jaeger: Required<JaegerSizing> };
  readonly logs: LogsPosture;
  /** Whether the engine refuses to delete or replace what holds data, until the environment is decommissioned. */
  readonly protectStores: boolean;
}
