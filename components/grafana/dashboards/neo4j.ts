import type { Dashboard, DashboardFacts, Row } from "./model.ts";

/** Neo4j: what its enterprise edition tells, and what the cluster tells of either. */
export const neo4j = ({ neo4jTellsMetrics }: DashboardFacts): Dashboard => ({
  uid: "neo4j",
  title: "Neo4j",
  folder: "Stores",
  question: "Does the graph answer, and what will it run out of?",
  rows: [...(neo4jTellsMetrics ? [itself] : []), asKubernetesSees],
});

const itself: Row = {
  title: "As it tells itself",
  panels: [
    {
      kind: "stat",
      title: "Leaders",
      description: "One is well; without one nothing can be written.",
      width: 12,
      unit: "none",
      bad: { wrong: "below", value: 1 },
      queries: [{ expression: "sum by (job) (neo4j_database_neo4j_cluster_raft_is_leader)" }],
      alerts: ["Neo4jLeaderless"],
    },
    {
      kind: "stat",
      title: "Pages found in memory",
      description: "Share that need no disk.",
      width: 12,
      unit: "percentunit",
      queries: [{ expression: "neo4j_dbms_page_cache_hit_ratio", legend: "{{instance}}" }],
      limits: ["Neo4jPageCacheSmall"],
    },
    {
      kind: "lines",
      title: "Queries a second",
      description: "By member.",
      unit: "ops",
      queries: [{ expression: "instance:neo4j_queries:rate5m", legend: "{{instance}}" }],
    },
    {
      kind: "lines",
      title: "Failed share",
      description: "Of the queries, by member.",
      unit: "percentunit",
      queries: [{ expression: "instance:neo4j_queries:failed_ratio5m", legend: "{{instance}}" }],
      limits: ["Neo4jQueriesFail"],
    },
    {
      kind: "lines",
      title: "Standing still",
      description: "Milliseconds of each second in which garbage is collected and nothing else done.",
      unit: "none",
      queries: [{ expression: "rate(neo4j_dbms_vm_pause_time_total[5m])", legend: "{{instance}}" }],
      limits: ["Neo4jPauses"],
    },
  ],
};

const ofNeo4j = 'pod=~".+-neo4j-[0-9]+"';

const asKubernetesSees: Row = {
  title: "As Kubernetes sees it",
  panels: [
    {
      kind: "stat",
      title: "Members ready",
      description: "Of those that there should be. The community edition has one, and tells nothing itself.",
      width: 8,
      unit: "percentunit",
      bad: { wrong: "below", value: 1 },
      queries: [
        {
          expression:
            'kube_statefulset_status_replicas_ready{statefulset=~".+-neo4j"} / kube_statefulset_replicas{statefulset=~".+-neo4j"}',
          legend: "{{statefulset}}",
        },
      ],
      alerts: ["WorkloadDegraded"],
    },
    {
      kind: "stat",
      title: "Volume",
      description: "Full share of each member's.",
      width: 8,
      unit: "percentunit",
      queries: [
        {
          expression: 'persistentvolumeclaim:volume:utilisation{persistentvolumeclaim=~".*neo4j.*"}',
          legend: "{{persistentvolumeclaim}}",
        },
      ],
      limits: ["VolumeFilling", "VolumeNearlyFull"],
    },
    {
      kind: "stat",
      title: "Restarts, last 24 hours",
      description: "Of each member.",
      width: 8,
      unit: "none",
      bad: { wrong: "above", value: 1 },
      queries: [
        {
          expression: `sum by (pod) (increase(kube_pod_container_status_restarts_total{${ofNeo4j}}[1d]))`,
          legend: "{{pod}}",
        },
      ],
      alerts: ["PodCrashLooping", "ContainerOutOfMemory"],
    },
    {
      kind: "lines",
      title: "Processors",
      description: "By member.",
      width: 12,
      unit: "short",
      queries: [{ expression: `pod:container_cpu_usage_seconds:rate5m{${ofNeo4j}}`, legend: "{{pod}}" }],
    },
    {
      kind: "lines",
      title: "Memory",
      description: "By member: heap, page cache and what lies around them.",
      width: 12,
      unit: "bytes",
      queries: [{ expression: `pod:container_memory_working_set:bytes{${ofNeo4j}}`, legend: "{{pod}}" }],
    },
  ],
};
