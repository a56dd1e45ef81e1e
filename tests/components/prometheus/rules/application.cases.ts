import type { RuleCase } from "./rule-case.ts";

/** A hundred requests a minute, of which so many fail. */
const requests = (failing: number) => ({
  'http_requests_total{job="api", status="200"}': `0+${100 - failing}x20`,
  'http_requests_total{job="api", status="503"}': `0+${failing}x20`,
});

/** A hundred requests a minute, of which so many take longer than a second, and none longer than four. */
const responses = (slow: number) => ({
  'http_request_duration_seconds_bucket{job="api", le="1"}': `0+${100 - slow}x20`,
  'http_request_duration_seconds_bucket{job="api", le="4"}': "0+100x20",
  'http_request_duration_seconds_bucket{job="api", le="+Inf"}': "0+100x20",
});

export const applicationCases: readonly RuleCase[] = [
  {
    alert: "ServiceDown",
    when: "a pod stops answering",
    series: { 'up{job="worker", instance="10.244.0.7:9808"}': "1x4 0x9" },
    firesAtMinute: 6,
    notices: [
      {
        labels: { job: "worker", instance: "10.244.0.7:9808" },
        summary: "worker does not answer",
        description: "10.244.0.7:9808 has not answered for a minute.",
      },
    ],
  },
  {
    alert: "ServiceDown",
    when: "it misses a question and answers the next",
    series: { 'up{job="worker", instance="10.244.0.7:9808"}': "1x4 0 1x9" },
    quietAtMinutes: [4, 5, 5.5, 6, 10],
  },
  {
    alert: "ApiMissing",
    when: "the last pod of the API is gone",
    // Prometheus marks a target that is no longer discovered as stale: at once it has no series.
    series: { 'up{job="api", instance="10.244.0.3:8000"}': "1x4 stale" },
    firesAtMinute: 6,
    notices: [
      {
        labels: { job: "api" },
        summary: "No pod of the API is to be found",
        description: "Kubernetes knows no running pod of the API, so nothing could even fail to answer.",
      },
    ],
  },
  {
    alert: "ApiMissing",
    when: "a pod of the API is there but does not answer, which is ServiceDown's to tell",
    series: { 'up{job="api", instance="10.244.0.3:8000"}': "0x20" },
    quietAtMinutes: [1, 5, 20],
  },
  {
    record: "job:http_requests:rate5m",
    when: "a hundred requests come a minute",
    series: requests(10),
    atMinute: 10,
    values: [{ labels: { job: "api" }, value: 1.666667 }],
  },
  {
    record: "job:http_errors:ratio5m",
    when: "ten of a hundred fail",
    series: requests(10),
    atMinute: 10,
    values: [{ labels: { job: "api" }, value: 0.1 }],
  },
  {
    record: "job:http_errors:ratio5m",
    when: "nobody asks for anything",
    series: { 'http_requests_total{job="api", status="200"}': "7x20" },
    atMinute: 10,
    values: [],
  },
  {
    alert: "ErrorsFrequent",
    when: "six of a hundred requests fail",
    series: requests(6),
    firesAtMinute: 3,
    notices: [
      {
        labels: { job: "api", paging: "off" },
        summary: "api fails 6% of its requests",
        description:
          "More than 5 % of the requests of the last five minutes were answered with a server error.",
      },
    ],
  },
  {
    alert: "ErrorsFrequent",
    when: "four of a hundred requests fail",
    series: requests(4),
    quietAtMinutes: [5, 10, 20],
  },
  {
    alert: "ErrorsVeryFrequent",
    when: "twelve of a hundred requests fail",
    series: requests(12),
    firesAtMinute: 2,
    notices: [
      {
        labels: { job: "api" },
        summary: "api fails 12% of its requests",
        description:
          "More than 10 % of the requests of the last five minutes were answered with a server error.",
      },
    ],
  },
  {
    alert: "ErrorsVeryFrequent",
    when: "nine of a hundred requests fail",
    series: requests(9),
    quietAtMinutes: [5, 10, 20],
  },
  {
    record: "job:http_request_duration_seconds:p95_5m",
    when: "ten of a hundred take between one and four seconds",
    series: responses(10),
    atMinute: 10,
    values: [{ labels: { job: "api" }, value: 2.5 }],
  },
  {
    alert: "ResponsesSlow",
    when: "ten of a hundred take between one and four seconds",
    series: responses(10),
    firesAtMinute: 6,
    notices: [
      {
        labels: { job: "api" },
        summary: "One in twenty requests to api takes 2.5s or longer",
        description: "The 95th percentile of the response times has been above 2 s for five minutes.",
      },
    ],
  },
  {
    alert: "ResponsesSlow",
    when: "four of a hundred do",
    series: responses(4),
    quietAtMinutes: [6, 20],
  },
];
