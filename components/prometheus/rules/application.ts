import type { RuleSet } from "./rule.ts";

/** How the parts of the application answer. */
export const applicationRules: RuleSet = {
  subject: "application",
  recordings: [
    { record: "job:http_requests:rate5m", expression: "sum by (job) (rate(http_requests_total[5m]))" },
    {
      record: "job:http_errors:ratio5m",
      expression:
        'sum by (job) (rate(http_requests_total{status=~"5.."}[5m])) / (sum by (job) (rate(http_requests_total[5m])) > 0)',
    },
    {
      record: "job:http_request_duration_seconds:p95_5m",
      expression:
        "histogram_quantile(0.95, sum by (job, le) (rate(http_request_duration_seconds_bucket[5m])))",
    },
  ],
  alerts: [
    {
      name: "ServiceDown",
      severity: "critical",
      expression: "up == 0",
      lasting: "1m",
      summary: "{{ $labels.job }} does not answer",
      // Its address: a machine outside the cluster has neither pod nor namespace.
      description: "{{ $labels.instance }} has not answered for a minute.",
    },
    {
      name: "ApiMissing",
      severity: "critical",
      expression: 'absent(up{job="api"})',
      lasting: "1m",
      summary: "No pod of the API is to be found",
      description: "Kubernetes knows no running pod of the API, so nothing could even fail to answer.",
    },
    {
      name: "ErrorsFrequent",
      severity: "critical",
      // Above 10 %, ErrorsVeryFrequent does.
      pages: false,
      expression: "job:http_errors:ratio5m > 0.05",
      lasting: "2m",
      summary: "{{ $labels.job }} fails {{ $value | humanizePercentage }} of its requests",
      description:
        "More than 5 % of the requests of the last five minutes were answered with a server error.",
    },
    {
      name: "ErrorsVeryFrequent",
      severity: "critical",
      expression: "job:http_errors:ratio5m > 0.1",
      lasting: "1m",
      summary: "{{ $labels.job }} fails {{ $value | humanizePercentage }} of its requests",
      description:
        "More than 10 % of the requests of the last five minutes were answered with a server error.",
    },
    {
      name: "ResponsesSlow",
      severity: "warning",
      expression: "job:http_request_duration_seconds:p95_5m > 2",
      lasting: "5m",
      summary: "One in twenty requests to {{ $labels.job }} takes {{ $value | humanizeDuration }} or longer",
      description: "The 95th percentile of the response times has been above 2 s for five minutes.",
    },
  ],
};
