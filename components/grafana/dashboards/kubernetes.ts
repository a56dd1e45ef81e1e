import type { Dashboard } from "./model.ts";

const namespace = 'namespace=~"$namespace"';
const unavailable = (kind: string, expression: string) =>
  `label_replace(${expression}, "workload", "$1", "${kind}", "(.+)")`;

/** The cluster: its nodes, what runs there, and how much room is left. */
export const kubernetes: Dashboard = {
  uid: "kubernetes",
  title: "Kubernetes and machines",
  folder: "Infrastructure",
  question: "Does everything run that should, are the machines well, and how much room is left?",
  variables: [{ name: "namespace", label: "Namespace", metric: "kube_pod_info" }],
  rows: [
    {
      title: "Now",
      panels: [
        {
          kind: "stat",
          title: "Nodes out of reach",
          description: "Whose kubelet is not heard of.",
          unit: "none",
          bad: { wrong: "above", value: 1 },
          queries: [
            {
              expression:
                'count(max by (node) (kube_node_status_condition{condition="Ready", status="true"}) == 0) or vector(0)',
            },
          ],
          alerts: ["NodeNotReady", "NodeUnderPressure"],
        },
        {
          kind: "stat",
          title: "Pods that wait for a place",
          description: "Or for their image, or their volume.",
          unit: "none",
          bad: { wrong: "above", value: 1 },
          queries: [{ expression: `sum(kube_pod_status_phase{phase="Pending", ${namespace}})` }],
          alerts: ["PodPending"],
        },
        {
          kind: "stat",
          title: "Restarts, last hour",
          description: "Of all containers.",
          unit: "none",
          bad: { wrong: "above", value: 1 },
          queries: [
            { expression: `sum(increase(kube_pod_container_status_restarts_total{${namespace}}[1h]))` },
          ],
          alerts: ["PodCrashLooping", "ContainerOutOfMemory"],
        },
        {
          kind: "stat",
          title: "Failed jobs",
          description: "That are not tried again.",
          unit: "none",
          bad: { wrong: "above", value: 1 },
          queries: [{ expression: 'count(kube_job_failed{condition="true"} == 1) or vector(0)' }],
          alerts: ["JobFailed"],
        },
        {
          kind: "lines",
          title: "Pods that are missing",
          description: "By workload: so many fewer are ready than there should be. 0 is well.",
          width: 24,
          unit: "short",
          queries: [
            {
              expression: [
                unavailable(
                  "deployment",
                  `(kube_deployment_spec_replicas{${namespace}} - kube_deployment_status_replicas_available)`,
                ),
                unavailable(
                  "statefulset",
                  `(kube_statefulset_replicas{${namespace}} - kube_statefulset_status_replicas_ready)`,
                ),
                unavailable("daemonset", `kube_daemonset_status_number_unavailable{${namespace}}`),
              ].join(" or "),
              legend: "{{workload}}",
            },
          ],
          alerts: ["WorkloadUnavailable", "WorkloadDegraded"],
        },
      ],
    },
    {
      title: "Machines",
      panels: [
        {
          kind: "lines",
          title: "Processors",
          description: "Busy share of each machine's, GPU droplets included.",
          unit: "percentunit",
          maximum: 1,
          queries: [{ expression: "instance:node_cpu:utilisation5m", legend: "{{instance}}" }],
          limits: ["CpuBusy"],
        },
        {
          kind: "lines",
          title: "Memory",
          description: "Share that is not to be had any more.",
          unit: "percentunit",
          maximum: 1,
          queries: [{ expression: "instance:node_memory:utilisation", legend: "{{instance}}" }],
          limits: ["MemoryShort"],
        },
        {
          kind: "lines",
          title: "Disks",
          description: "Full share of each disk.",
          unit: "percentunit",
          maximum: 1,
          queries: [{ expression: "instance:node_disk:utilisation", legend: "{{instance}} {{mountpoint}}" }],
          limits: ["DiskFilling", "DiskNearlyFull"],
          alerts: ["DiskFullInFourDays", "InodesShort", "FileSystemReadOnly", "ClockOff"],
        },
      ],
    },
    {
      title: "Room",
      panels: [
        {
          kind: "lines",
          title: "Promised",
          description:
            "Share of all nodes' processors and memory that pods were promised. At 100 % none finds a place.",
          unit: "percentunit",
          maximum: 1,
          queries: [{ expression: "resource:cluster_requests:ratio", legend: "{{resource}}" }],
          alerts: ["ClusterFullInFourDays", "PodPending"],
        },
        {
          kind: "lines",
          title: "Pods of each node",
          description: "Share of those that it may have, whatever else is left.",
          unit: "percentunit",
          maximum: 1,
          queries: [{ expression: "node:pods:ratio", legend: "{{node}}" }],
          limits: ["NodeFullOfPods"],
        },
        {
          kind: "lines",
          title: "Volumes",
          description: "Full share of each.",
          unit: "percentunit",
          maximum: 1,
          queries: [
            { expression: "persistentvolumeclaim:volume:utilisation", legend: "{{persistentvolumeclaim}}" },
          ],
          limits: ["VolumeFilling", "VolumeNearlyFull"],
          alerts: ["VolumeFullInFourDays"],
        },
        {
          kind: "bars",
          title: "Quotas",
          description: "Used share of what each namespace may ask for: at 100 % a roll-out stands still.",
          width: 12,
          unit: "percentunit",
          maximum: 1,
          queries: [
            {
              expression: `topk(15, namespace:quota:utilisation{${namespace}})`,
              legend: "{{namespace}} {{resource}}",
            },
          ],
          limits: ["QuotaNearlyUsed"],
        },
        {
          kind: "bars",
          title: "Autoscalers",
          description: "Pods, as a share of the most that there may be.",
          width: 12,
          unit: "percentunit",
          maximum: 1,
          queries: [
            {
              expression: `kube_horizontalpodautoscaler_status_current_replicas{${namespace}} / kube_horizontalpodautoscaler_spec_max_replicas`,
              legend: "{{horizontalpodautoscaler}}",
            },
          ],
          alerts: ["AutoscalerAtMaximum"],
        },
      ],
    },
    {
      title: "Pods",
      panels: [
        {
          kind: "lines",
          title: "Processors",
          description: "Of the fifteen hungriest pods.",
          unit: "short",
          stacked: true,
          queries: [
            {
              expression: `topk(15, pod:container_cpu_usage_seconds:rate5m{${namespace}})`,
              legend: "{{pod}}",
            },
          ],
        },
        {
          kind: "lines",
          title: "Memory",
          description: "Of the fifteen largest pods.",
          unit: "bytes",
          stacked: true,
          queries: [
            {
              expression: `topk(15, pod:container_memory_working_set:bytes{${namespace}})`,
              legend: "{{pod}}",
            },
          ],
        },
        {
          kind: "lines",
          title: "Network",
          description: "What the fifteen busiest pods receive and send.",
          unit: "Bps",
          queries: [
            {
              expression: `topk(15, sum by (pod) (rate(container_network_receive_bytes_total{${namespace}}[5m])))`,
              legend: "{{pod}} in",
            },
            {
              expression: `topk(15, sum by (pod) (rate(container_network_transmit_bytes_total{${namespace}}[5m])))`,
              legend: "{{pod}} out",
            },
          ],
        },
      ],
    },
  ],
};
