import type { RuleCase } from "./rule-case.ts";

const application = "whisper-staging-application";
const image = (tag: string, pod = "a") =>
  `kube_pod_container_info{namespace="${application}", pod="${pod}", container="api", image="api:${tag}"}`;
const progressing = `kube_deployment_status_condition{namespace="${application}", deployment="api", condition="Progressing", status="false"}`;
const ratio = (job: string, value: number) => ({ [`job:http_errors:ratio5m{job="${job}"}`]: `${value}x20` });
const failing = { 'job:http_errors:rate5m{job="api-candidate"}': "1x20" };

export const releaseCases: readonly RuleCase[] = [
  {
    alert: "ReleaseSeen",
    when: "a pod with another image comes",
    series: { [image("1.4.1")]: "1x60", [image("1.4.2", "b")]: "_x20 1x40" },
    firesAtMinute: 20,
    notices: [
      {
        labels: { namespace: application, container: "api", image: "api:1.4.2" },
        summary: "api now runs api:1.4.2",
      },
    ],
    endsAtMinute: 30,
  },
  {
    alert: "ReleaseSeen",
    when: "there are more pods of the same, or the cluster has just come into sight",
    series: { [image("1.4.1")]: "1x60", [image("1.4.1", "b")]: "_x20 1x40" },
    quietAtMinutes: [0, 5, 20, 40],
  },
  {
    alert: "RolloutStuck",
    when: "new pods do not get ready in time",
    series: { [progressing]: "0x4 1x20" },
    firesAtMinute: 6,
    notices: [
      {
        labels: { namespace: application, deployment: "api" },
        summary: "The roll-out of api stands still",
      },
    ],
  },
  { alert: "RolloutStuck", when: "they do", series: { [progressing]: "0x20" }, quietAtMinutes: [2, 20] },
  {
    alert: "CandidateWorse",
    when: "it fails three times as many as the one before it",
    series: { ...ratio("api-candidate", 0.03), ...ratio("api", 0.01), ...failing },
    firesAtMinute: 2,
    notices: [
      {
        labels: { job: "api-candidate" },
        summary: "The release on its way in fails 3% of its requests",
      },
    ],
  },
  {
    alert: "CandidateWorse",
    when: "both fail, as a store is down",
    series: { ...ratio("api-candidate", 0.4), ...ratio("api", 0.3), ...failing },
    quietAtMinutes: [3, 20],
  },
];
