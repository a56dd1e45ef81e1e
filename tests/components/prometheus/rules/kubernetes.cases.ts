import type { RuleCase, Series } from "./rule-case.ts";

const application = "whisper-staging-application";
const deployment = `namespace="${application}", deployment="whisper-staging-app-api"`;
const ofDeployment = { namespace: application, deployment: "whisper-staging-app-api" };
const pod = `namespace="${application}", pod="api-1", container="api"`;
const ofPod = { namespace: application, pod: "api-1" };
const claim = 'namespace="whisper-staging-stores", persistentvolumeclaim="data-0"';
const ofClaim = { namespace: "whisper-staging-stores", persistentvolumeclaim: "data-0" };

const replicas = (wanted: string, available: string) => ({
  [`kube_deployment_spec_replicas{${deployment}}`]: wanted,
  [`kube_deployment_status_replicas_available{${deployment}}`]: available,
});
/** A volume of a hundred bytes, of which so many are to be had. */
const volume = (available: string): Series => ({
  [`kubelet_volume_stats_available_bytes{${claim}}`]: available,
  [`kubelet_volume_stats_capacity_bytes{${claim}}`]: "100x900",
});
const autoscaler = (current: number, maximum: number, minimum = 1) => ({
  'kube_horizontalpodautoscaler_status_current_replicas{horizontalpodautoscaler="api"}': `${current}x60`,
  'kube_horizontalpodautoscaler_spec_max_replicas{horizontalpodautoscaler="api"}': `${maximum}x60`,
  'kube_horizontalpodautoscaler_spec_min_replicas{horizontalpodautoscaler="api"}': `${minimum}x60`,
});
const quota = (used: number) => ({
  [`kube_resourcequota{namespace="${application}", resource="requests.cpu", type="used"}`]: `${used}x60`,
  [`kube_resourcequota{namespace="${application}", resource="requests.cpu", type="hard"}`]: "100x60",
});
const condition = (node: string, status: string) =>
  `kube_node_status_condition{node="${node}", condition="${status}", status="true"}`;

export const kubernetesCases: readonly RuleCase[] = [
  {
    record: "pod:container_cpu_usage_seconds:rate5m",
    when: "one of two containers works half the time, beside the sum that the kubelet makes",
    series: {
      [`container_cpu_usage_seconds_total{${pod}}`]: "0+30x20",
      [`container_cpu_usage_seconds_total{namespace="${application}", pod="api-1", container="sidecar"}`]:
        "0x20",
      [`container_cpu_usage_seconds_total{namespace="${application}", pod="api-1", container=""}`]: "0+30x20",
    },
    atMinute: 10,
    values: [{ labels: ofPod, value: 0.5 }],
  },
  {
    record: "pod:container_memory_working_set:bytes",
    when: "a pod's container holds something, beside the sum that the kubelet makes",
    series: {
      [`container_memory_working_set_bytes{${pod}}`]: "700x9",
      [`container_memory_working_set_bytes{namespace="${application}", pod="api-1", container=""}`]: "750x9",
    },
    atMinute: 5,
    values: [{ labels: ofPod, value: 700 }],
  },
  {
    record: "persistentvolumeclaim:volume:utilisation",
    when: "a fifth is to be had",
    series: volume("20x9"),
    atMinute: 5,
    values: [{ labels: ofClaim, value: 0.8 }],
  },
  {
    record: "resource:cluster_requests:ratio",
    when: "six of eight processors are promised",
    series: {
      [`kube_pod_container_resource_requests{${pod}, resource="cpu"}`]: "6x9",
      'kube_node_status_allocatable{node="a", resource="cpu"}': "4x9",
      'kube_node_status_allocatable{node="b", resource="cpu"}': "4x9",
    },
    atMinute: 5,
    values: [{ labels: { resource: "cpu" }, value: 0.75 }],
  },
  {
    record: "node:pods:ratio",
    when: "a node has two of the four pods it may have, and a third pod waits",
    series: {
      'kube_pod_info{pod="a", node="pool-1"}': "1x9",
      'kube_pod_info{pod="b", node="pool-1"}': "1x9",
      'kube_pod_info{pod="c", node=""}': "1x9",
      'kube_node_status_allocatable{node="pool-1", resource="pods"}': "4x9",
    },
    atMinute: 5,
    values: [{ labels: { node: "pool-1" }, value: 0.5 }],
  },
  {
    record: "namespace:quota:utilisation",
    when: "half is used",
    series: quota(50),
    atMinute: 5,
    values: [{ labels: { namespace: application, resource: "requests.cpu" }, value: 0.5 }],
  },
  {
    alert: "WorkloadUnavailable",
    when: "the last pod is no longer fit",
    series: replicas("2x20", "2x4 0x20"),
    firesAtMinute: 7,
    notices: [{ labels: ofDeployment, summary: "Nothing is left of whisper-staging-app-api" }],
  },
  {
    alert: "WorkloadUnavailable",
    when: "one of two is not, or it should have none, as a candidate between releases",
    series: {
      ...replicas("2x20", "1x20"),
      [`kube_deployment_spec_replicas{namespace="${application}", deployment="candidate"}`]: "0x20",
      [`kube_deployment_status_replicas_available{namespace="${application}", deployment="candidate"}`]:
        "0x20",
    },
    quietAtMinutes: [3, 20],
  },
  {
    alert: "WorkloadDegraded",
    when: "one pod in three is missing, and an agent on a node",
    series: {
      ...replicas("3x40", "2x40"),
      'kube_daemonset_status_number_unavailable{namespace="agents", daemonset="falco"}': "1x40",
    },
    firesAtMinute: 15,
    notices: [
      {
        labels: { ...ofDeployment, workload: "whisper-staging-app-api" },
        summary: "whisper-staging-app-api lacks 1 of its pods",
      },
      {
        labels: { namespace: "agents", daemonset: "falco", workload: "falco" },
        summary: "falco lacks 1 of its pods",
      },
    ],
  },
  {
    alert: "WorkloadDegraded",
    when: "a roll-out takes ten minutes",
    series: replicas("3x40", "3x4 2x10 3x40"),
    quietAtMinutes: [10, 16, 30],
  },
  {
    alert: "PodCrashLooping",
    when: "a container ends again and again",
    series: {
      [`kube_pod_container_status_waiting_reason{${pod}, reason="CrashLoopBackOff"}`]:
        "_x4 1 1 _x2 1 1 _x2 1x9",
    },
    firesAtMinute: 9,
    notices: [
      {
        labels: { ...ofPod, container: "api" },
        summary: "api-1 ends again and again",
        description: "Kubernetes waits longer each time before it starts api anew.",
      },
    ],
  },
  {
    alert: "PodCrashLooping",
    when: "it is being made",
    series: { [`kube_pod_container_status_waiting_reason{${pod}, reason="ContainerCreating"}`]: "1x30" },
    quietAtMinutes: [6, 30],
  },
  {
    alert: "ContainerOutOfMemory",
    when: "it is started anew after it took too much",
    series: {
      [`kube_pod_container_status_restarts_total{${pod}}`]: "0x4 1x60",
      [`kube_pod_container_status_last_terminated_reason{${pod}, reason="OOMKilled"}`]: "_x5 1x60",
    },
    firesAtMinute: 5,
    notices: [
      {
        labels: { ...ofPod, container: "api" },
        summary: "api of api-1 was ended: it took more memory than it may",
      },
    ],
    endsAtMinute: 26,
  },
  {
    alert: "ContainerOutOfMemory",
    when: "it ended by itself",
    series: {
      [`kube_pod_container_status_restarts_total{${pod}}`]: "0x4 1x60",
      [`kube_pod_container_status_last_terminated_reason{${pod}, reason="Error"}`]: "_x5 1x60",
    },
    quietAtMinutes: [5, 10],
  },
  {
    alert: "PodPending",
    when: "no node has room",
    series: { [`kube_pod_status_phase{namespace="${application}", pod="api-1", phase="Pending"}`]: "1x20" },
    firesAtMinute: 10,
    notices: [{ labels: ofPod, summary: "api-1 waits for a place" }],
  },
  {
    alert: "PodPending",
    when: "a new node takes eight minutes",
    series: {
      [`kube_pod_status_phase{namespace="${application}", pod="api-1", phase="Pending"}`]: "1x8 0x20",
    },
    quietAtMinutes: [8, 10, 20],
  },
  {
    alert: "JobFailed",
    when: "the migrations fail",
    series: {
      [`kube_job_failed{namespace="${application}", job_name="migrations", condition="true"}`]: "0x4 1x20",
    },
    firesAtMinute: 5,
    notices: [
      {
        labels: { namespace: application, job_name: "migrations" },
        summary: "The job migrations has failed",
      },
    ],
  },
  {
    alert: "JobFailed",
    when: "they do not",
    series: {
      [`kube_job_failed{namespace="${application}", job_name="migrations", condition="false"}`]: "1x20",
    },
    quietAtMinutes: [1, 20],
  },
  {
    alert: "NodeNotReady",
    when: "its kubelet is not heard of",
    series: { [condition("pool-1", "Ready")]: "1x4 0x20" },
    firesAtMinute: 10,
    notices: [{ labels: { node: "pool-1" }, summary: "pool-1 is out of reach" }],
  },
  {
    alert: "NodeNotReady",
    when: "it is again after four minutes",
    series: { [condition("pool-1", "Ready")]: "1x4 0x3 1x20" },
    quietAtMinutes: [8, 10, 20],
  },
  {
    alert: "NodeUnderPressure",
    when: "its disk is short",
    series: { [condition("pool-1", "DiskPressure")]: "0x4 1x20" },
    firesAtMinute: 10,
    notices: [
      { labels: { node: "pool-1", condition: "DiskPressure" }, summary: "pool-1 says: DiskPressure" },
    ],
  },
  {
    alert: "NodeUnderPressure",
    when: "it is ready, and nothing is short",
    series: { [condition("pool-1", "Ready")]: "1x20", [condition("pool-1", "DiskPressure")]: "0x20" },
    quietAtMinutes: [6, 20],
  },
  {
    alert: "AutoscalerAtMaximum",
    when: "it has all that it may have",
    series: autoscaler(12, 12),
    firesAtMinute: 15,
    notices: [
      {
        labels: { horizontalpodautoscaler: "api" },
        summary: "api has as many pods as it may",
        description: "All 12 for a quarter of an hour: what more load comes makes them slow.",
      },
    ],
  },
  {
    alert: "AutoscalerAtMaximum",
    when: "it has one less",
    series: autoscaler(11, 12),
    quietAtMinutes: [20, 60],
  },
  {
    alert: "AutoscalerAtMaximum",
    when: "its least is its most",
    series: autoscaler(2, 2, 2),
    quietAtMinutes: [20, 60],
  },
  {
    alert: "VolumeFilling",
    when: "it is 86 % full",
    series: volume("50x4 14x60"),
    firesAtMinute: 10,
    notices: [{ labels: ofClaim, summary: "The volume data-0 is 86% full" }],
  },
  { alert: "VolumeFilling", when: "it is 84 % full", series: volume("16x60"), quietAtMinutes: [6, 60] },
  {
    alert: "VolumeNearlyFull",
    when: "it is 91 % full",
    series: volume("50x4 9x60"),
    firesAtMinute: 6,
    notices: [{ labels: ofClaim, summary: "The volume data-0 is 91% full" }],
  },
  { alert: "VolumeNearlyFull", when: "it is 89 % full", series: volume("11x60"), quietAtMinutes: [2, 60] },
  {
    alert: "VolumeFullInFourDays",
    when: "of 45 % that are left, 1 % goes each hour",
    series: volume("45-1x12"),
    stepMinutes: 60,
    firesAtMinute: 120,
    notices: [{ labels: ofClaim, summary: "The volume data-0 is full in four days" }],
  },
  {
    alert: "VolumeFullInFourDays",
    when: "as much goes of one that is nearly empty",
    series: volume("95-1x12"),
    stepMinutes: 60,
    quietAtMinutes: [120, 720],
  },
  {
    alert: "QuotaNearlyUsed",
    when: "91 of 100 are used",
    series: quota(91),
    firesAtMinute: 15,
    notices: [
      {
        labels: { namespace: application, resource: "requests.cpu" },
        summary: "whisper-staging-application has used 91% of its quota of requests.cpu",
      },
    ],
  },
  { alert: "QuotaNearlyUsed", when: "90 are", series: quota(90), quietAtMinutes: [20, 60] },
  {
    alert: "NodeFullOfPods",
    when: "all ten places are taken",
    series: {
      ...Object.fromEntries(
        [...Array(10).keys()].map((n) => [`kube_pod_info{pod="p${n}", node="pool-1"}`, "1x30"]),
      ),
      'kube_node_status_allocatable{node="pool-1", resource="pods"}': "10x30",
    },
    firesAtMinute: 15,
    notices: [{ labels: { node: "pool-1" }, summary: "pool-1 has 100% of the pods it may have" }],
  },
  {
    alert: "NodeFullOfPods",
    when: "nine of ten are",
    series: {
      ...Object.fromEntries(
        [...Array(9).keys()].map((n) => [`kube_pod_info{pod="p${n}", node="pool-1"}`, "1x30"]),
      ),
      'kube_node_status_allocatable{node="pool-1", resource="pods"}': "10x30",
    },
    quietAtMinutes: [16, 30],
  },
  {
    alert: "ClusterFullInFourDays",
    when: "a twentieth more is promised each half day",
    series: { 'resource:cluster_requests:ratio{resource="cpu"}': "0.72+0.0042x40" },
    stepMinutes: 60,
    firesAtMinute: 180,
    notices: [{ labels: { resource: "cpu" }, summary: "The cluster's cpu is all promised in four days" }],
  },
  {
    alert: "ClusterFullInFourDays",
    when: "little is promised, or it does not grow",
    series: {
      'resource:cluster_requests:ratio{resource="cpu"}': "0.3+0.0083x40",
      'resource:cluster_requests:ratio{resource="memory"}': "0.9x40",
    },
    stepMinutes: 60,
    quietAtMinutes: [120, 600, 2400],
  },
];
