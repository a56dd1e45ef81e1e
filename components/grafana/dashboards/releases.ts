import type { Dashboard } from "./model.ts";

const served = 'namespace=~".+-(application|edge)"';

/** What runs, since when, and whether what is on its way in is any worse. */
export const releases: Dashboard = {
  uid: "releases",
  title: "Releases",
  folder: "Service",
  question: "What runs, what has changed, and is what is on its way in worse than what there was?",
  span: "24h",
  rows: [
    {
      title: "What runs",
      panels: [
        {
          kind: "table",
          title: "Builds",
          description:
            "Images that run now, and in how many pods. Two of one container are a roll-out on its way.",
          width: 24,
          unit: "none",
          columns: { namespace: "Namespace", container: "Container", image: "Image", Value: "Pods" },
          queries: [
            { expression: `count by (namespace, container, image) (kube_pod_container_info{${served}})` },
          ],
          alerts: ["ReleaseSeen"],
        },
        {
          kind: "lines",
          title: "Pods, by build",
          description: "How one build takes another's place.",
          width: 12,
          unit: "short",
          stacked: true,
          queries: [
            {
              expression: `count by (container, image) (kube_pod_container_info{${served}})`,
              legend: "{{container}} {{image}}",
            },
          ],
        },
        {
          kind: "lines",
          title: "Pods that are missing",
          description: "Of each deployment. A roll-out that goes well misses none.",
          width: 12,
          unit: "short",
          queries: [
            {
              expression: `kube_deployment_spec_replicas{${served}} - kube_deployment_status_replicas_available`,
              legend: "{{deployment}}",
            },
          ],
          alerts: ["RolloutStuck", "WorkloadUnavailable"],
        },
      ],
    },
    {
      title: "What is on its way in",
      panels: [
        {
          kind: "lines",
          title: "Requests a second",
          description: "To the API that serves, and to the candidate, if there is one.",
          unit: "reqps",
          queries: [{ expression: 'job:http_requests:rate5m{job=~"api|api-candidate"}', legend: "{{job}}" }],
        },
        {
          kind: "lines",
          title: "Failed share",
          description: "Of either's requests.",
          unit: "percentunit",
          queries: [{ expression: 'job:http_errors:ratio5m{job=~"api|api-candidate"}', legend: "{{job}}" }],
          limits: ["ErrorsFrequent", "ErrorsVeryFrequent"],
          alerts: ["CandidateWorse"],
        },
        {
          kind: "lines",
          title: "95 % answered within",
          description: "By either.",
          unit: "s",
          queries: [
            {
              expression: 'job:http_request_duration_seconds:p95_5m{job=~"api|api-candidate"}',
              legend: "{{job}}",
            },
          ],
          limits: ["ResponsesSlow"],
        },
        {
          kind: "lines",
          title: "Restarts in ten minutes",
          description: "Of the application's containers.",
          width: 12,
          unit: "short",
          queries: [
            {
              expression: `sum by (container) (increase(kube_pod_container_status_restarts_total{${served}}[10m]))`,
              legend: "{{container}}",
            },
          ],
          alerts: ["PodCrashLooping", "ContainerOutOfMemory"],
        },
        {
          kind: "lines",
          title: "Transcriptions, an hour",
          description: "By how they ended: a release of the worker shows here.",
          width: 12,
          unit: "short",
          queries: [{ expression: "outcome:transcription_jobs:rate30m * 3600", legend: "{{outcome}}" }],
          alerts: ["TranscriptionsFail"],
        },
      ],
    },
  ],
};
