import { watermarks } from "../../elasticsearch/arguments.ts";
import type { RuleSet } from "./rule.ts";

/** A night without a snapshot, and two hours for the next. */
const snapshotSeconds = 26 * 3600;

/** Elasticsearch, where logs are kept in it, as its exporter sees it. That a volume is nearly full is every volume's alert. */
export const elasticsearchRules: RuleSet = {
  subject: "elasticsearch",
  dashboard: "elasticsearch",
  recordings: [
    {
      record: "instance:elasticsearch_disk:utilisation",
      expression:
        "1 - min by (job, instance, name) (elasticsearch_filesystem_data_available_bytes / elasticsearch_filesystem_data_size_bytes)",
    },
    {
      record: "instance:elasticsearch_heap:utilisation",
      expression:
        'max by (job, instance, name) (elasticsearch_jvm_memory_used_bytes{area="heap"} / elasticsearch_jvm_memory_max_bytes{area="heap"})',
    },
  ],
  alerts: [
    {
      name: "ElasticsearchUnreachable",
      severity: "warning",
      expression: 'elasticsearch_scrape_success{collector="cluster-info"} == 0',
      lasting: "5m",
      summary: "Elasticsearch cannot be reached: no log is found",
      description:
        "The exporter of {{ $labels.instance }} has not been answered for five minutes. What is written waits on the nodes, up to a gibibyte on each.",
    },
    {
      name: "ElasticsearchRed",
      severity: "critical",
      // Lines wait on the nodes for longer than a night.
      pages: false,
      expression: 'elasticsearch_cluster_health_status{color="red"} == 1',
      lasting: "2m",
      lingering: "5m",
      summary: "A part of the logs is on no node of Elasticsearch",
      description:
        "{{ $labels.instance }} is red: lines of some days are not found, and those of today may not be taken.",
    },
    {
      name: "ElasticsearchYellow",
      severity: "warning",
      // A node that is restarted by an `up` is back sooner.
      expression: 'elasticsearch_cluster_health_status{color="yellow"} == 1',
      lasting: "30m",
      lingering: "5m",
      summary: "A part of the logs is on one node of Elasticsearch alone",
      description:
        "{{ $labels.instance }} is yellow for half an hour: with another node, lines would be lost that no snapshot has yet.",
    },
    {
      name: "ElasticsearchDiskWatermark",
      severity: "warning",
      expression: `instance:elasticsearch_disk:utilisation > ${watermarks.low / 100}`,
      lasting: "10m",
      lingering: "10m",
      summary:
        "The disk of {{ $labels.name }} is {{ $value | humanizePercentage }} full: it is given no more",
      description: `Elasticsearch puts no new part of an index on a disk beyond ${watermarks.low} %, and beyond ${watermarks.flood} % nothing more is written.`,
    },
    {
      name: "ElasticsearchHeapFull",
      severity: "warning",
      expression: "instance:elasticsearch_heap:utilisation > 0.9",
      lasting: "15m",
      lingering: "5m",
      summary: "{{ $labels.name }} of Elasticsearch has hardly any memory left",
      description:
        "{{ $value | humanizePercentage }} of its heap is taken for a quarter of an hour: it answers slowly, and refuses what is too much.",
    },
    {
      name: "LogSnapshotFailed",
      severity: "warning",
      expression:
        "sum by (job, instance, policy) (increase(elasticsearch_slm_stats_snapshots_failed_total[1d])) > 0",
      lasting: "0m",
      summary: "A snapshot of the logs has failed",
      description: "It is tried again the next night. Until then the lines of a day are on the disks alone.",
    },
    {
      name: "LogSnapshotOld",
      severity: "warning",
      expression: `time() - max by (job, instance) (elasticsearch_snapshot_stats_latest_snapshot_timestamp_seconds) > ${snapshotSeconds}`,
      lasting: "15m",
      summary: "The last snapshot of the logs is {{ $value | humanizeDuration }} old",
      description: "There is one each night. What came since then is on the disks alone.",
    },
  ],
};
