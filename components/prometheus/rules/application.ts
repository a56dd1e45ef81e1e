import { thresholds } from "../../../catalog/thresholds.ts";
import { observersPattern } from "./jobs.ts";
import type { RuleSet } from "./rule.ts";

/** By endpoint as well: an endpoint is named by its route, `/jobs/{id}`, so there are some dozens of them. */
const byEndpoint = "job, handler, method";

/** Every pod's counters are gone through once; what else is told of requests is computed from these two. */
const requests = "status:http_requests:rate5m";
const buckets = "le:http_request_duration_seconds_bucket:rate5m";

/** A quantile of the response times of the last five minutes. */
const responseSeconds = (quantile: number, by = "job") =>
  `histogram_quantile(${quantile}, sum by (${by}, le) (${buckets}))`;

/** The last hour's mean of a recording against that of the same hour a week ago. */
const againstLastWeek = (recording: string) =>
  `avg_over_time(${recording}[1h]) / avg_over_time(${recording}[1h] offset 1w)`;

/** How the parts of the application answer, and how their jobs go. */
export const applicationRules: RuleSet = {
  subject: "application",
  dashboard: "application-overview",
  recordings: [
    {
      record: requests,
      expression: `sum by (${byEndpoint}, status) (rate(http_requests_total[5m]))`,
    },
    {
      record: buckets,
      expression: `sum by (${byEndpoint}, le) (rate(http_request_duration_seconds_bucket[5m]))`,
    },
    { record: "job:http_requests:rate5m", expression: `sum by (job) (${requests})` },
    {
      record: "job:http_errors:rate5m",
      // Of what has never failed there is no counter of failures.
      expression: `sum by (job) (${requests}{status=~"5.."}) or job:http_requests:rate5m * 0`,
    },
    {
      record: "job:http_errors:ratio5m",
      expression: "job:http_errors:rate5m / (job:http_requests:rate5m > 0)",
    },
    {
      record: "job:http_slow_requests:rate5m",
      // Prometheus 3 writes a bound as 2.0, Prometheus 2 as the application does.
      expression: `sum by (job) (rate(http_request_duration_seconds_count[5m])) - sum by (job) (${buckets}{le=~"2|2.0"})`,
    },
    {
      record: "job:http_request_duration_seconds:mean5m",
      expression:
        "sum by (job) (rate(http_request_duration_seconds_sum[5m])) / (sum by (job) (rate(http_request_duration_seconds_count[5m])) > 0)",
    },
    { record: "job:http_request_duration_seconds:p50_5m", expression: responseSeconds(0.5) },
    { record: "job:http_request_duration_seconds:p95_5m", expression: responseSeconds(0.95) },
    { record: "job:http_request_duration_seconds:p99_5m", expression: responseSeconds(0.99) },
    {
      record: "handler:http_requests:rate5m",
      expression: `sum by (${byEndpoint}) (${requests})`,
    },
    {
      record: "handler:http_request_duration_seconds:p95_5m",
      expression: responseSeconds(0.95, byEndpoint),
    },
    {
      record: "queue:jobs_waiting:max",
      // The keys that the exporter of Valkey is told to look at are the queues; each of its replicas tells the same.
      expression: 'max by (queue) (label_replace(redis_key_size, "queue", "$1", "key", "(.+)"))',
    },
    {
      record: "outcome:transcription_jobs:rate30m",
      expression: "sum by (outcome) (rate(transcription_jobs_total[30m]))",
    },
    {
      record: "transcription_jobs:failed:ratio30m",
      expression:
        'sum(outcome:transcription_jobs:rate30m{outcome="failed"}) / (sum(outcome:transcription_jobs:rate30m) > 0)',
    },
    {
      record: "transcription_duration_seconds:p95_30m",
      expression: "histogram_quantile(0.95, sum by (le) (rate(transcription_duration_seconds_bucket[30m])))",
    },
  ],
  alerts: [
    {
      name: "ServiceDown",
      severity: "critical",
      expression: `up{job!~"${observersPattern}"} == 0`,
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
      // Five failures in five minutes at the least: at night one is already a fifth of all.
      expression: `job:http_errors:ratio5m > ${thresholds.failedRequests.critical} and job:http_errors:rate5m >= 1 / 60`,
      lasting: "2m",
      lingering: "5m",
      summary: "{{ $labels.job }} fails {{ $value | humanizePercentage }} of its requests",
      description:
        "More than 5 % of the requests of the last five minutes were answered with a server error.",
    },
    {
      name: "ErrorsVeryFrequent",
      severity: "critical",
      expression: `job:http_errors:ratio5m > ${thresholds.failedRequests.paging} and job:http_errors:rate5m >= 1 / 60`,
      lasting: "1m",
      lingering: "5m",
      summary: "{{ $labels.job }} fails {{ $value | humanizePercentage }} of its requests",
      description:
        "More than 10 % of the requests of the last five minutes were answered with a server error.",
    },
    {
      name: "ResponsesSlow",
      severity: "warning",
      expression: `job:http_request_duration_seconds:p95_5m > ${thresholds.responseSeconds}`,
      lasting: "5m",
      lingering: "10m",
      summary: "One in twenty requests to {{ $labels.job }} takes {{ $value | humanizeDuration }} or longer",
      description: "The 95th percentile of the response times has been above 2 s for five minutes.",
    },
    {
      name: "ResponsesSlowOnAverage",
      severity: "warning",
      expression: `avg_over_time(job:http_request_duration_seconds:mean5m[30m]) > ${thresholds.meanResponseSeconds}`,
      lasting: "10m",
      lingering: "10m",
      summary: "{{ $labels.job }} takes {{ $value | humanizeDuration }} on average",
      description: "Over half an hour, the mean of the response times is above the 500 ms that are the aim.",
    },
    {
      name: "QueueLong",
      severity: "warning",
      expression: `queue:jobs_waiting:max > ${thresholds.queuedJobs}`,
      lasting: "5m",
      lingering: "10m",
      summary: '{{ $value | printf "%.0f" }} jobs wait in the queue {{ $labels.queue }}',
      description: "More than 1,000 jobs have waited for five minutes: users wait for hours.",
    },
    {
      name: "QueueNotDraining",
      severity: "warning",
      expression: `predict_linear(queue:jobs_waiting:max[1h], 4 * 3600) > ${thresholds.queuedJobs} and queue:jobs_waiting:max > 100 and deriv(queue:jobs_waiting:max[1h]) > 0`,
      lasting: "30m",
      summary: "The queue {{ $labels.queue }} grows faster than it is worked off",
      description:
        'As the last hour went, {{ $value | printf "%.0f" }} jobs wait there in four hours, with more than 1,000 being too many.',
    },
    {
      name: "QueueStalled",
      severity: "critical",
      expression: "sum(queue:jobs_waiting:max) > 0 unless sum(transcription_jobs_active) > 0",
      lasting: "10m",
      summary: '{{ $value | printf "%.0f" }} jobs wait, and nobody works on any',
      description: "For ten minutes jobs have waited while no worker has had one in hand.",
    },
    {
      name: "TranscriptionsFail",
      severity: "warning",
      expression:
        'transcription_jobs:failed:ratio30m > 0.1 and on () sum(increase(transcription_jobs_total{outcome="failed"}[30m])) > 5',
      lasting: "5m",
      lingering: "30m",
      summary: "{{ $value | humanizePercentage }} of the transcriptions fail",
      description:
        "More than one in ten of the last half hour's, and more than five, ended without a transcript.",
    },
    {
      name: "TrafficDropped",
      severity: "warning",
      expression: `${againstLastWeek("job:http_requests:rate5m")} < 0.5 and avg_over_time(job:http_requests:rate5m[1h] offset 1w) > 1`,
      lasting: "30m",
      summary: "{{ $labels.job }} is asked {{ $value | humanizePercentage }} of what it was a week ago",
      description:
        "For an hour it has had less than half of the requests of the same hour last week, when there was more than one a second. What keeps users away shows in no error.",
    },
    {
      name: "TrafficSurged",
      severity: "warning",
      expression: `${againstLastWeek("job:http_requests:rate5m")} > 3 and avg_over_time(job:http_requests:rate5m[1h]) > 5`,
      lasting: "30m",
      summary: "{{ $labels.job }} is asked {{ $value | humanizePercentage }} of what it was a week ago",
      description:
        "For an hour it has had more than three times the requests of the same hour last week, and more than five a second.",
    },
  ],
};
