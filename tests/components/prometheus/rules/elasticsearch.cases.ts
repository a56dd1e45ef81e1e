import type { RuleCase } from "./rule-case.ts";

const at = 'job="elasticsearch-exporter", instance="logs"';
const labels = { job: "elasticsearch-exporter", instance: "logs" };
const member = { ...labels, name: "es-0" };

/** Each color's values. */
const health = (colors: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(colors).map(([color, values]) => [
      `elasticsearch_cluster_health_status{${at}, color="${color}"}`,
      values,
    ]),
  );
/** Of a hundred bytes of each of two nodes, so many are free. */
const free = (bytes: number) => ({
  [`elasticsearch_filesystem_data_available_bytes{${at}, name="es-0"}`]: `${bytes}x60`,
  [`elasticsearch_filesystem_data_size_bytes{${at}, name="es-0"}`]: "100x60",
});
const heap = (taken: number) => ({
  [`elasticsearch_jvm_memory_used_bytes{${at}, name="es-0", area="heap"}`]: `${taken}x60`,
  [`elasticsearch_jvm_memory_max_bytes{${at}, name="es-0", area="heap"}`]: "100x60",
});
const answered = (values: string) => ({
  [`elasticsearch_scrape_success{${at}, collector="cluster-info"}`]: values,
});
const failed = (values: string) => ({
  [`elasticsearch_slm_stats_snapshots_failed_total{${at}, policy="logs-whisper"}`]: values,
});
const snapshot = `elasticsearch_snapshot_stats_latest_snapshot_timestamp_seconds{${at}, repository="bucket"}`;

export const elasticsearchCases: readonly RuleCase[] = [
  {
    record: "instance:elasticsearch_disk:utilisation",
    when: "a quarter is free",
    series: free(25),
    atMinute: 5,
    values: [{ labels: member, value: 0.75 }],
  },
  {
    record: "instance:elasticsearch_heap:utilisation",
    when: "half is taken",
    series: heap(50),
    atMinute: 5,
    values: [{ labels: member, value: 0.5 }],
  },
  {
    alert: "ElasticsearchUnreachable",
    when: "nobody answers the exporter",
    series: answered("1x4 0x20"),
    firesAtMinute: 10,
    notices: [
      {
        labels: { ...labels, collector: "cluster-info" },
        summary: "Elasticsearch cannot be reached: no log is found",
        description:
          "The exporter of logs has not been answered for five minutes. What is written waits on the nodes, up to a gibibyte on each.",
      },
    ],
  },
  {
    alert: "ElasticsearchUnreachable",
    when: "it was not answered for a moment",
    series: answered("1x4 0x2 1x20"),
    quietAtMinutes: [6, 10, 20],
  },
  {
    alert: "ElasticsearchRed",
    when: "two nodes are lost",
    series: health({ green: "1x4 0x20", yellow: "0x25", red: "0x4 1x20" }),
    firesAtMinute: 7,
    notices: [
      {
        labels: { ...labels, color: "red" },
        summary: "A part of the logs is on no node of Elasticsearch",
        description: "logs is red: lines of some days are not found, and those of today may not be taken.",
      },
    ],
  },
  {
    alert: "ElasticsearchRed",
    when: "one is",
    series: health({ green: "1x4 0x20", yellow: "0x4 1x20", red: "0x25" }),
    quietAtMinutes: [7, 20],
  },
  {
    alert: "ElasticsearchYellow",
    when: "a node does not come back",
    series: health({ green: "1x4 0x60", yellow: "0x4 1x60" }),
    firesAtMinute: 35,
    notices: [
      {
        labels: { ...labels, color: "yellow" },
        summary: "A part of the logs is on one node of Elasticsearch alone",
        description:
          "logs is yellow for half an hour: with another node, lines would be lost that no snapshot has yet.",
      },
    ],
  },
  {
    alert: "ElasticsearchYellow",
    when: "one is restarted",
    series: health({ green: "1x4 0x10 1x60", yellow: "0x4 1x10 0x60" }),
    quietAtMinutes: [14, 35, 60],
  },
  {
    alert: "ElasticsearchDiskWatermark",
    when: "a fifth is no longer free",
    series: free(19),
    firesAtMinute: 10,
    notices: [
      {
        labels: member,
        summary: "The disk of es-0 is 81% full: it is given no more",
        description:
          "Elasticsearch puts no new part of an index on a disk beyond 80 %, and beyond 92 % nothing more is written.",
      },
    ],
  },
  { alert: "ElasticsearchDiskWatermark", when: "it is", series: free(21), quietAtMinutes: [10, 60] },
  {
    alert: "ElasticsearchHeapFull",
    when: "hardly any is left for a quarter of an hour",
    series: heap(95),
    firesAtMinute: 15,
    notices: [
      {
        labels: member,
        summary: "es-0 of Elasticsearch has hardly any memory left",
        description:
          "95% of its heap is taken for a quarter of an hour: it answers slowly, and refuses what is too much.",
      },
    ],
  },
  {
    alert: "ElasticsearchHeapFull",
    when: "three quarters are taken",
    series: heap(75),
    quietAtMinutes: [60],
  },
  {
    alert: "LogSnapshotFailed",
    when: "the one of this night does",
    series: failed("3x4 4x60"),
    firesAtMinute: 5,
    notices: [
      {
        labels: { ...labels, policy: "logs-whisper" },
        summary: "A snapshot of the logs has failed",
        description:
          "It is tried again the next night. Until then the lines of a day are on the disks alone.",
      },
    ],
  },
  {
    alert: "LogSnapshotFailed",
    when: "some did, long ago",
    series: failed("3x60"),
    quietAtMinutes: [5, 60],
  },
  {
    alert: "LogSnapshotOld",
    when: "there was none for a night",
    series: { [snapshot]: "0x60" },
    stepMinutes: 60,
    firesAtMinute: 28 * 60,
    notices: [
      {
        labels,
        summary: "The last snapshot of the logs is 1d 4h 0m 0s old",
        description: "There is one each night. What came since then is on the disks alone.",
      },
    ],
  },
  {
    alert: "LogSnapshotOld",
    when: "there is one each night",
    series: { [snapshot]: "0x23 86400x23 172800x20" },
    stepMinutes: 60,
    quietAtMinutes: [24 * 60, 48 * 60, 60 * 60],
  },
];
