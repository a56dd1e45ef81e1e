import type { Relabelling, ScrapeJob } from "./job.ts";
import { limited } from "./job.ts";
import { keepingOnlyWhatIsRead } from "./kept.ts";

const label = (name: string) => `__meta_kubernetes_pod_label_${name}`;
const annotation = (name: string) => `__meta_kubernetes_pod_annotation_prometheus_io_${name}`;

/** Which pods are asked, and where. */
const found: readonly Relabelling[] = [
  { source_labels: [annotation("scrape")], regex: "true", action: "keep" },
  // Of a pod that has run to its end nothing answers any more.
  { source_labels: ["__meta_kubernetes_pod_phase"], regex: "Pending|Succeeded|Failed", action: "drop" },
  // A pod has a target for each of its ports; the one that is annotated is asked.
  {
    source_labels: [annotation("port")],
    target_label: "__meta_kubernetes_pod_container_port_number",
    action: "keepequal",
  },
  { source_labels: [annotation("path")], regex: "(.+)", target_label: "__metrics_path__" },
  { source_labels: [label("app_kubernetes_io_name")], target_label: "job" },
  { source_labels: [annotation("instance")], regex: "(.+)", target_label: "instance" },
];

/** Where a pod is; a node that is down explains its silence. */
const placed: readonly Relabelling[] = [
  { source_labels: ["__meta_kubernetes_namespace"], target_label: "namespace" },
  { source_labels: ["__meta_kubernetes_pod_name"], target_label: "pod" },
  { source_labels: ["__meta_kubernetes_pod_node_name"], target_label: "node" },
  // Whoever watches a node tells of it by its name.
  {
    source_labels: ["__meta_kubernetes_namespace", "__meta_kubernetes_pod_node_name"],
    regex: ".+-node-agents;(.+)",
    target_label: "instance",
  },
];

const tellsOfOthers = (action: "keep" | "drop"): Relabelling => ({
  source_labels: [annotation("tells_of_others")],
  regex: "true",
  action,
});

/**
 * The pods that are annotated for it: `prometheus.io/scrape`, `/port` and `/path`; with `/instance` they say what their
 * series are told by, and with `/tells-of-others` that the labels in what they tell go before their own.
 */
export function podJobs(namespaces: readonly string[]): ScrapeJob[] {
  const discovery = { kubernetes_sd_configs: [{ role: "pod", namespaces: { names: [...namespaces] } }] };
  const kept = { metric_relabel_configs: keepingOnlyWhatIsRead };
  return [
    {
      job_name: "pods",
      ...limited(20_000),
      ...discovery,
      relabel_configs: [tellsOfOthers("drop"), ...found, ...placed],
      ...kept,
    },
    {
      job_name: "pods-that-tell-of-others",
      honor_labels: true,
      ...limited(100_000),
      ...discovery,
      relabel_configs: [tellsOfOthers("keep"), ...found],
      ...kept,
    },
  ];
}
