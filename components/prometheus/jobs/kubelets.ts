import { limited, type Relabelling, type ScrapeJob, serviceAccountFolder } from "./job.ts";
import { keepingOnlyWhatIsRead } from "./kept.ts";

const named: readonly Relabelling[] = [
  { source_labels: ["__meta_kubernetes_node_name"], target_label: "instance" },
  { source_labels: ["__meta_kubernetes_node_name"], target_label: "node" },
];

/** Of groups of processes, those of containers and the whole machine: the groups in between are their sums. */
const containersAlone: readonly Relabelling[] = [
  { source_labels: ["pod", "id"], regex: ";/.+", action: "drop" },
  // What the runtime calls a container, and its image, is told by kube-state-metrics.
  { regex: "name|image", action: "labeldrop" },
];

/**
 * The kubelets, of volumes, and cAdvisor in them, of containers. Each kubelet asks the API whether the token that it is
 * shown may read `nodes/metrics`, and nothing else may be read with that; its certificate is signed by the cluster's
 * authority.
 */
export function kubeletJobs(): ScrapeJob[] {
  const kubelet = {
    scheme: "https",
    authorization: { credentials_file: `${serviceAccountFolder}/token` },
    tls_config: { ca_file: `${serviceAccountFolder}/ca.crt` },
    kubernetes_sd_configs: [{ role: "node" }],
    relabel_configs: named,
  };
  return [
    {
      job_name: "kubelet",
      ...limited(20_000),
      ...kubelet,
      metric_relabel_configs: keepingOnlyWhatIsRead,
    },
    {
      job_name: "cadvisor",
      metrics_path: "/metrics/cadvisor",
      ...limited(50_000),
      ...kubelet,
      metric_relabel_configs: [...keepingOnlyWhatIsRead, ...containersAlone],
    },
  ];
}
