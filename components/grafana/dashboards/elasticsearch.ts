import type { Dashboard } from "./model.ts";

/** Elasticsearch, where logs are kept in it. */
export const elasticsearch: Dashboard = {
  uid: "elasticsearch",
  title: "Elasticsearch",
  folder: "Stores",
  question: "Are all logs found, is there room for more, and when was the last snapshot?",
  rows: [
    {
      title: "Now",
      panels: [
        {
          kind: "stat",
          title: "Elasticsearch",
          description: "Whether the exporter is answered.",
          unit: "bool",
          words: { 0: "DOWN", 1: "up" },
          bad: { wrong: "below", value: 1 },
          queries: [
            {
              expression: 'elasticsearch_scrape_success{collector="cluster-info"}',
              legend: "{{instance}}",
            },
          ],
          alerts: ["ElasticsearchUnreachable"],
        },
        {
          kind: "stat",
          title: "Health",
          description: "Green: each line is on two nodes. Yellow: some are on one. Red: some are on none.",
          unit: "none",
          colour: "blue",
          queries: [{ expression: "elasticsearch_cluster_health_status == 1", legend: "{{color}}" }],
          alerts: ["ElasticsearchRed", "ElasticsearchYellow"],
        },
        {
          kind: "stat",
          title: "Nodes",
          description: "That have found each other.",
          unit: "none",
          colour: "blue",
          queries: [{ expression: "elasticsearch_cluster_health_number_of_nodes", legend: "{{instance}}" }],
        },
        {
          kind: "stat",
          title: "Last snapshot",
          description: "How long ago. There is one each night.",
          unit: "dtdurations",
          queries: [
            {
              expression:
                "time() - max by (job, instance) (elasticsearch_snapshot_stats_latest_snapshot_timestamp_seconds)",
              legend: "{{instance}}",
            },
          ],
          limits: ["LogSnapshotOld"],
        },
      ],
    },
    {
      title: "Room",
      panels: [
        {
          kind: "lines",
          title: "Disks",
          description: "Full share of each node's. Beyond the line it is given no more.",
          unit: "percentunit",
          maximum: 1,
          queries: [{ expression: "instance:elasticsearch_disk:utilisation", legend: "{{name}}" }],
          limits: ["ElasticsearchDiskWatermark"],
        },
        {
          kind: "lines",
          title: "Heap",
          description: "Taken share of each node's memory for Java.",
          unit: "percentunit",
          maximum: 1,
          queries: [{ expression: "instance:elasticsearch_heap:utilisation", legend: "{{name}}" }],
          limits: ["ElasticsearchHeapFull"],
        },
        {
          kind: "lines",
          title: "Parts of indices without a place",
          description: "None is well; while a node is away, those that it has.",
          unit: "short",
          queries: [{ expression: "elasticsearch_cluster_health_unassigned_shards", legend: "{{instance}}" }],
        },
      ],
    },
    {
      title: "Work",
      panels: [
        {
          kind: "lines",
          title: "Lines indexed a second",
          description: "By node; each line is on two.",
          width: 12,
          unit: "ops",
          queries: [
            {
              expression: "sum by (name) (rate(elasticsearch_indices_indexing_index_total[5m]))",
              legend: "{{name}}",
            },
          ],
        },
        {
          kind: "lines",
          title: "Snapshots that failed, in a day",
          description: "None is well.",
          width: 12,
          unit: "short",
          queries: [
            {
              expression:
                "sum by (job, instance, policy) (increase(elasticsearch_slm_stats_snapshots_failed_total[1d]))",
              legend: "{{policy}}",
            },
          ],
          limits: ["LogSnapshotFailed"],
        },
      ],
    },
  ],
};
