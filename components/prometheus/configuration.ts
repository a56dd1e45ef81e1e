import { stringify } from "yaml";

/** Where Prometheus looks for pods that have something to tell. */
interface ScrapeSettings {
  /** Environment; a label on everything that leaves this Prometheus. */
  readonly environment: string;
  /** Namespaces whose pods it may see. */
  readonly namespaces: readonly string[];
  /** Machines outside the cluster with metrics, as `host:port`, or the address that tells them, by job. */
  readonly machines: Record<string, readonly string[] | { readonly discovery: string }>;
  /** Where every Alertmanager answers, as `host:port`: each is told all alerts, and asked for metrics. */
  readonly alertmanagers: readonly string[];
  /** How often it asks. */
  readonly scrapeIntervalSeconds: number;
}

/** Folder of the rules, beside prometheus.yml. */
export const rulesFile = "rules.yml";

/**
 * The whole prometheus.yml. Pods are found by the annotations `prometheus.io/scrape`, `/port` and `/path`, which
 * workloads put on themselves: nothing here names one of them.
 */
export function scrapeConfiguration(settings: ScrapeSettings): string {
  const { environment, namespaces, machines, alertmanagers, scrapeIntervalSeconds } = settings;
  const alertmanagerTargets = { static_configs: [{ targets: [...alertmanagers] }] };
  return stringify({
    global: {
      scrape_interval: `${scrapeIntervalSeconds}s`,
      scrape_timeout: `${Math.min(10, scrapeIntervalSeconds)}s`,
      evaluation_interval: `${scrapeIntervalSeconds}s`,
      external_labels: { environment },
    },
    ...(alertmanagers.length > 0 && { alerting: { alertmanagers: [alertmanagerTargets] } }),
    rule_files: [rulesFile],
    scrape_configs: [
      { job_name: "prometheus", static_configs: [{ targets: ["127.0.0.1:9090"] }] },
      ...(alertmanagers.length > 0 ? [{ job_name: "alertmanager", ...alertmanagerTargets }] : []),
      ...Object.entries(machines).map(([job, targets]) => ({
        job_name: job,
        ...("discovery" in targets
          ? { http_sd_configs: [{ url: targets.discovery, refresh_interval: "30s" }] }
          : { static_configs: [{ targets: [...targets] }] }),
      })),
      {
        job_name: "pods",
        // A response larger than this is a mistake of the application's, not a metric.
        body_size_limit: "20MB",
        sample_limit: 20_000,
        kubernetes_sd_configs: [{ role: "pod", namespaces: { names: [...namespaces] } }],
        relabel_configs: podRelabelling,
      },
    ],
  });
}

const podLabel = (name: string) => `__meta_kubernetes_pod_label_${name}`;
const podAnnotation = (name: string) => `__meta_kubernetes_pod_annotation_prometheus_io_${name}`;

const podRelabelling = [
  { source_labels: [podAnnotation("scrape")], regex: "true", action: "keep" },
  // Of a pod that has run to its end nothing answers any more.
  { source_labels: ["__meta_kubernetes_pod_phase"], regex: "Pending|Succeeded|Failed", action: "drop" },
  // A pod has a target for each of its ports; the one that is annotated is asked.
  {
    source_labels: [podAnnotation("port")],
    target_label: "__meta_kubernetes_pod_container_port_number",
    action: "keepequal",
  },
  { source_labels: [podAnnotation("path")], regex: "(.+)", target_label: "__metrics_path__" },
  { source_labels: [podLabel("app_kubernetes_io_name")], target_label: "job" },
  { source_labels: ["__meta_kubernetes_namespace"], target_label: "namespace" },
  { source_labels: ["__meta_kubernetes_pod_name"], target_label: "pod" },
];
