import { containerImages } from "../../catalog/images.ts";
import type { ExporterProgram } from "./exporter.ts";
import { exporterPorts } from "./traffic.ts";

/** What is told of, by the group of the API that knows it. */
const resources = {
  "": ["nodes", "pods", "resourcequotas"],
  apps: ["daemonsets", "deployments", "statefulsets"],
  autoscaling: ["horizontalpodautoscalers"],
  batch: ["cronjobs", "jobs"],
} as const;

/** The metrics that it tells, of some hundreds that it could: those of the rules, and what a dashboard adds to them. */
export const kubeStateMetrics = [
  "kube_cronjob_created",
  "kube_cronjob_status_last_schedule_time",
  "kube_cronjob_status_last_successful_time",
  "kube_daemonset_status_desired_number_scheduled",
  "kube_daemonset_status_number_ready",
  "kube_daemonset_status_number_unavailable",
  "kube_deployment_spec_replicas",
  "kube_deployment_status_condition",
  "kube_deployment_status_replicas_available",
  "kube_deployment_status_replicas_updated",
  "kube_horizontalpodautoscaler_spec_max_replicas",
  "kube_horizontalpodautoscaler_spec_min_replicas",
  "kube_horizontalpodautoscaler_status_current_replicas",
  "kube_horizontalpodautoscaler_status_desired_replicas",
  "kube_job_failed",
  "kube_job_status_completion_time",
  "kube_job_status_start_time",
  "kube_node_info",
  "kube_node_spec_unschedulable",
  "kube_node_status_allocatable",
  "kube_node_status_condition",
  "kube_pod_container_info",
  "kube_pod_container_resource_limits",
  "kube_pod_container_resource_requests",
  "kube_pod_container_status_last_terminated_reason",
  "kube_pod_container_status_ready",
  "kube_pod_container_status_restarts_total",
  "kube_pod_container_status_waiting_reason",
  "kube_pod_info",
  "kube_pod_start_time",
  "kube_pod_status_phase",
  "kube_pod_status_ready",
  "kube_resourcequota",
  "kube_statefulset_replicas",
  "kube_statefulset_status_replicas_ready",
] as const;

/**
 * What Kubernetes knows of its workloads and nodes. It may list those kinds and no others: no Secret, no ConfigMap.
 *
 * @param instance What its series are told by.
 */
export function kubeStateExporter(instance: string): ExporterProgram {
  return {
    component: "kube-state-metrics",
    image: containerImages.kubeStateMetrics,
    port: exporterPorts.kubeState,
    health: "/livez",
    instance,
    tellsOfOthers: true,
    arguments: [
      `--port=${exporterPorts.kubeState}`,
      `--resources=${Object.values(resources).flat().join(",")}`,
      `--metric-allowlist=${kubeStateMetrics.join(",")}`,
    ],
    clusterRules: Object.entries(resources).map(([group, kinds]) => ({
      apiGroups: [group],
      resources: [...kinds],
      verbs: ["list", "watch"],
    })),
  };
}
