import { thresholds } from "../../../catalog/thresholds.ts";
import type { RuleSet } from "./rule.ts";

const volume = "namespace, persistentvolumeclaim";

/**
 * The cluster's workloads, volumes and room, as kube-state-metrics and the kubelets tell of them. Nothing of etcd, the
 * scheduler, the controllers or the API server: DigitalOcean runs those, watches them, and shows their metrics to nobody.
 */
export const kubernetesRules: RuleSet = {
  subject: "kubernetes",
  dashboard: "kubernetes",
  recordings: [
    {
      record: "pod:container_cpu_usage_seconds:rate5m",
      expression: 'sum by (namespace, pod) (rate(container_cpu_usage_seconds_total{container!=""}[5m]))',
    },
    {
      record: "pod:container_memory_working_set:bytes",
      expression: 'sum by (namespace, pod) (container_memory_working_set_bytes{container!=""})',
    },
    {
      record: "persistentvolumeclaim:volume:utilisation",
      expression: `max by (${volume}) (1 - kubelet_volume_stats_available_bytes / (kubelet_volume_stats_capacity_bytes > 0))`,
    },
    {
      record: "resource:cluster_requests:ratio",
      expression:
        'sum by (resource) (kube_pod_container_resource_requests{resource=~"cpu|memory"}) / on (resource) sum by (resource) (kube_node_status_allocatable{resource=~"cpu|memory"})',
    },
    {
      record: "node:pods:ratio",
      expression:
        'count by (node) (kube_pod_info{node!=""}) / on (node) max by (node) (kube_node_status_allocatable{resource="pods"})',
    },
    {
      record: "namespace:quota:utilisation",
      expression:
        'max by (namespace, resource) (kube_resourcequota{type="used"}) / on (namespace, resource) (max by (namespace, resource) (kube_resourcequota{type="hard"}) > 0)',
    },
  ],
  alerts: [
    {
      name: "WorkloadUnavailable",
      severity: "critical",
      expression:
        'kube_deployment_status_replicas_available{namespace=~".+-(application|edge)"} == 0 and kube_deployment_spec_replicas > 0',
      lasting: "2m",
      summary: "Nothing is left of {{ $labels.deployment }}",
      description: "It should have pods, and for two minutes none has been fit to serve.",
    },
    {
      name: "WorkloadDegraded",
      severity: "warning",
      expression:
        'label_replace(kube_deployment_spec_replicas - kube_deployment_status_replicas_available > 0, "workload", "$1", "deployment", "(.+)") or label_replace(kube_statefulset_replicas - kube_statefulset_status_replicas_ready > 0, "workload", "$1", "statefulset", "(.+)") or label_replace(kube_daemonset_status_number_unavailable > 0, "workload", "$1", "daemonset", "(.+)")',
      // A roll-out, and a new node in between, are over by then.
      lasting: "15m",
      summary: "{{ $labels.workload }} lacks {{ $value }} of its pods",
      description: "For a quarter of an hour fewer have been ready than there should be.",
    },
    {
      name: "PodCrashLooping",
      severity: "warning",
      // Between two attempts it runs for a moment.
      expression:
        'max by (namespace, pod, container) (max_over_time(kube_pod_container_status_waiting_reason{reason="CrashLoopBackOff"}[5m])) == 1',
      lasting: "5m",
      summary: "{{ $labels.pod }} ends again and again",
      description: "Kubernetes waits longer each time before it starts {{ $labels.container }} anew.",
    },
    {
      name: "ContainerOutOfMemory",
      severity: "warning",
      expression:
        'increase(kube_pod_container_status_restarts_total[10m]) > 0 and on (namespace, pod, container) kube_pod_container_status_last_terminated_reason{reason="OOMKilled"} == 1',
      lasting: "0m",
      lingering: "10m",
      summary: "{{ $labels.container }} of {{ $labels.pod }} was ended: it took more memory than it may",
      description: "What it had in hand is lost or given back.",
    },
    {
      name: "PodPending",
      severity: "warning",
      expression: 'max by (namespace, pod) (kube_pod_status_phase{phase="Pending"}) == 1',
      // A new node takes some minutes.
      lasting: "10m",
      summary: "{{ $labels.pod }} waits for a place",
      description: "For ten minutes no node has had room for it, or its image or volume could not be had.",
    },
    {
      name: "JobFailed",
      severity: "warning",
      // The scheduled checks have alerts of their own.
      expression:
        'max by (namespace, job_name) (kube_job_failed{condition="true", job_name!~".+-health-monitor-[0-9]+"}) == 1',
      lasting: "0m",
      summary: "The job {{ $labels.job_name }} has failed",
      description: "Its last attempt did too: it is not tried again.",
    },
    {
      name: "NodeNotReady",
      severity: "warning",
      expression: 'max by (node) (kube_node_status_condition{condition="Ready", status="true"}) == 0',
      lasting: "5m",
      summary: "{{ $labels.node }} is out of reach",
      description:
        "Its kubelet has not been heard of for five minutes: its pods are started elsewhere, where there is room.",
    },
    {
      name: "NodeUnderPressure",
      severity: "warning",
      expression:
        'max by (node, condition) (kube_node_status_condition{condition=~"MemoryPressure|DiskPressure|PIDPressure", status="true"}) == 1',
      lasting: "5m",
      summary: "{{ $labels.node }} says: {{ $labels.condition }}",
      description: "It takes no new pods, and sends those away that use more than they were promised.",
    },
    {
      name: "AutoscalerAtMaximum",
      severity: "warning",
      expression:
        "kube_horizontalpodautoscaler_status_current_replicas >= kube_horizontalpodautoscaler_spec_max_replicas and kube_horizontalpodautoscaler_spec_max_replicas > kube_horizontalpodautoscaler_spec_min_replicas",
      lasting: "15m",
      summary: "{{ $labels.horizontalpodautoscaler }} has as many pods as it may",
      description: "All {{ $value }} for a quarter of an hour: what more load comes makes them slow.",
    },
    {
      name: "VolumeFilling",
      severity: "warning",
      expression: `persistentvolumeclaim:volume:utilisation > ${thresholds.disk.warning}`,
      lasting: "5m",
      lingering: "10m",
      summary: "The volume {{ $labels.persistentvolumeclaim }} is {{ $value | humanizePercentage }} full",
      description: "Above 85 % for five minutes.",
    },
    {
      name: "VolumeNearlyFull",
      severity: "critical",
      expression: `persistentvolumeclaim:volume:utilisation > ${thresholds.disk.critical}`,
      lasting: "1m",
      lingering: "5m",
      summary: "The volume {{ $labels.persistentvolumeclaim }} is {{ $value | humanizePercentage }} full",
      description: "Above 90 %. A store whose volume is full stops.",
    },
    {
      name: "VolumeFullInFourDays",
      severity: "warning",
      expression: `predict_linear(kubelet_volume_stats_available_bytes[6h], 4 * 86400) < 0 and on (${volume}) persistentvolumeclaim:volume:utilisation > 0.5`,
      lasting: "1h",
      summary: "The volume {{ $labels.persistentvolumeclaim }} is full in four days",
      description: "If it goes on filling as in the last six hours. More than half of it is used already.",
    },
    {
      name: "QuotaNearlyUsed",
      severity: "warning",
      expression: "namespace:quota:utilisation > 0.9",
      lasting: "15m",
      summary:
        "{{ $labels.namespace }} has used {{ $value | humanizePercentage }} of its quota of {{ $labels.resource }}",
      description: "At 100 % no new pod is let in: a roll-out stands still, an autoscaler does nothing.",
    },
    {
      name: "NodeFullOfPods",
      severity: "warning",
      expression: "node:pods:ratio > 0.9",
      lasting: "15m",
      summary: "{{ $labels.node }} has {{ $value | humanizePercentage }} of the pods it may have",
      description: "The count is a limit of its own, whatever processors and memory are left.",
    },
    {
      name: "ClusterFullInFourDays",
      severity: "warning",
      expression:
        "predict_linear(resource:cluster_requests:ratio[1d], 4 * 86400) > 1 and resource:cluster_requests:ratio > 0.7",
      lasting: "2h",
      summary: "The cluster's {{ $labels.resource }} is all promised in four days",
      description:
        "If promises go on growing as in the last day. More than 70 % is promised already, of the nodes that there are now.",
    },
  ],
};
