import type { RuleSet } from "./rule.ts";

const images = 'kube_pod_container_info{namespace=~".+-(application|edge)"}';
const running = (when = "") => `count by (namespace, container, image) (${images}${when})`;

/** What is rolled out, and whether it goes as it should. */
export const releaseRules: RuleSet = {
  subject: "releases",
  dashboard: "releases",
  alerts: [
    {
      name: "ReleaseSeen",
      severity: "info",
      // Of a cluster that could not be seen ten minutes ago, everything would be new.
      expression: `${running()} unless ${running(" offset 10m")} and on () count(${images} offset 10m) > 0`,
      lasting: "0m",
      summary: "{{ $labels.container }} now runs {{ $labels.image }}",
      description: "It did not ten minutes ago: a release, a release's candidate, or the way back.",
    },
    {
      name: "RolloutStuck",
      severity: "warning",
      expression:
        'max by (namespace, deployment) (kube_deployment_status_condition{condition="Progressing", status="false"}) == 1',
      lasting: "1m",
      summary: "The roll-out of {{ $labels.deployment }} stands still",
      description: "Its new pods did not get ready in time. Those before still serve.",
    },
    {
      name: "CandidateWorse",
      severity: "warning",
      expression:
        'job:http_errors:ratio5m{job="api-candidate"} > 0.02 and on () job:http_errors:ratio5m{job="api-candidate"} > on () group_left () 2 * job:http_errors:ratio5m{job="api"} and job:http_errors:rate5m{job="api-candidate"} >= 1 / 60',
      lasting: "2m",
      summary: "The release on its way in fails {{ $value | humanizePercentage }} of its requests",
      description: "More than twice as many as the one before it does, and more than one in fifty.",
    },
  ],
};
