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

/** So many requests a second for a week, and so many after it. */
const aWeekAgoAndNow = (before: number, now: number) => ({
  'job:http_requests:rate5m{job="api"}': `${before}x167 ${now}x5`,
});
const aWeek = 7 * 24 * 60;

/** So many jobs of each outcome a minute. */
const transcriptions = (failed: number, completed: number) => ({
  'transcription_jobs_total{job="gpu-worker", outcome="failed"}': `0+${failed}x90`,
  'transcription_jobs_total{job="gpu-worker", outcome="completed"}': `0+${completed}x90`,
});

const waiting = (jobs: string) => ({
  'redis_key_size{job="valkey-exporter", db="db0", key="transcription"}': jobs,
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
    alert: "ServiceDown",
    when: "what does not answer only tells of others, which is TargetDown's to tell",
    series: {
      'up{job="node-exporter", instance="10.16.0.5:9100"}': "0x20",
      'up{job="prometheus-history", instance="10.244.0.9:9090"}': "0x20",
    },
    quietAtMinutes: [2, 20],
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
        labels: { job: "api" },
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
    alert: "ErrorsFrequent",
    when: "at night, the only request of five minutes fails",
    series: { 'http_requests_total{job="api", status="503"}': "0x9 1x20" },
    quietAtMinutes: [11, 12, 15],
  },
  {
    alert: "ErrorsVeryFrequent",
    when: "eleven of a hundred requests fail, and then none",
    series: {
      'http_requests_total{job="api", status="200"}': "0+89x15 1434+100x30",
      'http_requests_total{job="api", status="503"}': "0+11x15 165x30",
    },
    firesAtMinute: 2,
    notices: [{ labels: { job: "api" }, summary: "api fails 11% of its requests" }],
    endsAtMinute: 24,
  },
  {
    alert: "ErrorsVeryFrequent",
    when: "nine of a hundred do, which is ErrorsFrequent's to tell",
    series: requests(9),
    quietAtMinutes: [2, 5, 20],
  },
  {
    record: "job:http_errors:rate5m",
    when: "ten of a hundred fail",
    series: requests(10),
    atMinute: 10,
    values: [{ labels: { job: "api" }, value: 0.166667 }],
  },
  {
    record: "job:http_errors:rate5m",
    when: "nothing has ever failed",
    series: { 'http_requests_total{job="api", status="200"}': "0+100x20" },
    atMinute: 10,
    values: [{ labels: { job: "api" }, value: 0 }],
  },
  {
    record: "job:http_slow_requests:rate5m",
    when: "three of a hundred take longer than two seconds, as Prometheus 2 and 3 write it",
    series: {
      'http_request_duration_seconds_bucket{job="api", le="2.0"}': "0+97x20",
      'http_request_duration_seconds_count{job="api"}': "0+100x20",
      'http_request_duration_seconds_bucket{job="web", le="2"}': "0+94x20",
      'http_request_duration_seconds_count{job="web"}': "0+100x20",
    },
    atMinute: 10,
    values: [
      { labels: { job: "api" }, value: 0.05 },
      { labels: { job: "web" }, value: 0.1 },
    ],
  },
  {
    record: "job:http_request_duration_seconds:mean5m",
    when: "a hundred requests take forty seconds together",
    series: {
      'http_request_duration_seconds_sum{job="api"}': "0+40x20",
      'http_request_duration_seconds_count{job="api"}': "0+100x20",
    },
    atMinute: 10,
    values: [{ labels: { job: "api" }, value: 0.4 }],
  },
  {
    record: "job:http_request_duration_seconds:p50_5m",
    when: "most take less than a second",
    series: responses(20),
    atMinute: 10,
    values: [{ labels: { job: "api" }, value: 0.625 }],
  },
  {
    record: "job:http_request_duration_seconds:p99_5m",
    when: "ten of a hundred take between one and four seconds",
    series: responses(10),
    atMinute: 10,
    values: [{ labels: { job: "api" }, value: 3.7 }],
  },
  {
    record: "status:http_requests:rate5m",
    when: "two pods give the same answer to the same",
    series: {
      'http_requests_total{job="api", pod="a", handler="/jobs", method="GET", status="200"}': "0+60x20",
      'http_requests_total{job="api", pod="b", handler="/jobs", method="GET", status="200"}': "0+60x20",
    },
    atMinute: 10,
    values: [{ labels: { job: "api", handler: "/jobs", method: "GET", status: "200" }, value: 2 }],
  },
  {
    record: "le:http_request_duration_seconds_bucket:rate5m",
    when: "two pods answer within a second",
    series: {
      'http_request_duration_seconds_bucket{job="api", pod="a", handler="/jobs", method="GET", le="+Inf"}':
        "0+60x20",
      'http_request_duration_seconds_bucket{job="api", pod="b", handler="/jobs", method="GET", le="+Inf"}':
        "0+60x20",
    },
    atMinute: 10,
    values: [{ labels: { job: "api", handler: "/jobs", method: "GET", le: "+Inf" }, value: 2 }],
  },
  {
    record: "handler:http_requests:rate5m",
    when: "two pods are asked for the same",
    series: {
      'http_requests_total{job="api", pod="a", handler="/jobs/{id}", method="GET", status="200"}': "0+60x20",
      'http_requests_total{job="api", pod="b", handler="/jobs/{id}", method="GET", status="404"}': "0+60x20",
    },
    atMinute: 10,
    values: [{ labels: { job: "api", handler: "/jobs/{id}", method: "GET" }, value: 2 }],
  },
  {
    record: "handler:http_request_duration_seconds:p95_5m",
    when: "ten of a hundred take between one and four seconds",
    series: {
      'http_request_duration_seconds_bucket{job="api", handler="/jobs", method="POST", le="1"}': "0+90x20",
      'http_request_duration_seconds_bucket{job="api", handler="/jobs", method="POST", le="4"}': "0+100x20",
      'http_request_duration_seconds_bucket{job="api", handler="/jobs", method="POST", le="+Inf"}':
        "0+100x20",
    },
    atMinute: 10,
    values: [{ labels: { job: "api", handler: "/jobs", method: "POST" }, value: 2.5 }],
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
  {
    alert: "ResponsesSlowOnAverage",
    when: "the mean rises from 0.1 s to 0.7 s",
    series: {
      'job:http_request_duration_seconds:mean5m{job="api"}': "0.1x30 0.7x60",
    },
    firesAtMinute: 61,
    notices: [{ labels: { job: "api" }, summary: "api takes 700ms on average" }],
  },
  {
    alert: "ResponsesSlowOnAverage",
    when: "it is just within the aim",
    series: { 'job:http_request_duration_seconds:mean5m{job="api"}': "0.5x90" },
    quietAtMinutes: [45, 90],
  },
  {
    record: "queue:jobs_waiting:max",
    when: "two exporters look at the same queues",
    series: {
      'redis_key_size{instance="a", db="db0", key="transcription"}': "12x9",
      'redis_key_size{instance="b", db="db0", key="transcription"}': "14x9",
      'redis_key_size{instance="a", db="db0", key="celery"}': "0x9",
    },
    atMinute: 5,
    values: [
      { labels: { queue: "transcription" }, value: 14 },
      { labels: { queue: "celery" }, value: 0 },
    ],
  },
  {
    alert: "QueueLong",
    when: "1,001 jobs wait, and then fewer",
    series: waiting("10x4 1001x10 10x30"),
    firesAtMinute: 10,
    notices: [{ labels: { queue: "transcription" }, summary: "1001 jobs wait in the queue transcription" }],
    endsAtMinute: 26,
  },
  {
    alert: "QueueLong",
    when: "1,000 jobs do",
    series: waiting("1000x60"),
    quietAtMinutes: [6, 60],
  },
  {
    alert: "QueueNotDraining",
    when: "it grows by five a minute from nothing",
    series: waiting("0+5x60"),
    firesAtMinute: 51,
    notices: [
      {
        labels: { queue: "transcription" },
        summary: "The queue transcription grows faster than it is worked off",
        description:
          "As the last hour went, 1454 jobs wait there in four hours, with more than 1,000 being too many.",
      },
    ],
  },
  {
    alert: "QueueNotDraining",
    when: "it is long, and gets shorter",
    series: waiting("5000-5x120"),
    quietAtMinutes: [40, 60, 120],
  },
  {
    alert: "QueueNotDraining",
    when: "it grows, and is short",
    series: waiting("0+1x99"),
    quietAtMinutes: [40, 60, 99],
  },
  {
    alert: "QueueStalled",
    when: "the last worker puts its job down",
    series: { ...waiting("3x40"), 'transcription_jobs_active{job="gpu-worker"}': "1x9 0x30" },
    firesAtMinute: 20,
    notices: [{ summary: "3 jobs wait, and nobody works on any" }],
  },
  {
    alert: "QueueStalled",
    when: "no worker is left that could tell",
    series: waiting("3x40"),
    firesAtMinute: 10,
    notices: [{ summary: "3 jobs wait, and nobody works on any" }],
  },
  {
    alert: "QueueStalled",
    when: "one of two works",
    series: {
      ...waiting("3x40"),
      'transcription_jobs_active{job="gpu-worker", instance="a"}': "1x40",
      'transcription_jobs_active{job="gpu-worker", instance="b"}': "0x40",
    },
    quietAtMinutes: [12, 40],
  },
  {
    alert: "QueueStalled",
    when: "nothing waits",
    series: { ...waiting("0x40"), 'transcription_jobs_active{job="gpu-worker"}': "0x40" },
    quietAtMinutes: [12, 40],
  },
  {
    record: "outcome:transcription_jobs:rate30m",
    when: "one fails and five end well a minute",
    series: transcriptions(1, 5),
    atMinute: 60,
    values: [
      { labels: { outcome: "failed" }, value: 0.016667 },
      { labels: { outcome: "completed" }, value: 0.083333 },
    ],
  },
  {
    record: "transcription_jobs:failed:ratio30m",
    when: "one fails and four end well a minute",
    series: transcriptions(1, 4),
    atMinute: 60,
    values: [{ value: 0.2 }],
  },
  {
    record: "transcription_duration_seconds:p95_30m",
    when: "ten of a hundred take between one and four minutes",
    series: {
      'transcription_duration_seconds_bucket{job="gpu-worker", le="60"}': "0+90x60",
      'transcription_duration_seconds_bucket{job="gpu-worker", le="240"}': "0+100x60",
      'transcription_duration_seconds_bucket{job="gpu-worker", le="+Inf"}': "0+100x60",
    },
    atMinute: 60,
    values: [{ value: 150 }],
  },
  {
    alert: "TranscriptionsFail",
    when: "a fifth of them fail",
    series: transcriptions(1, 4),
    firesAtMinute: 10.5,
    notices: [{ summary: "20% of the transcriptions fail" }],
  },
  {
    alert: "TranscriptionsFail",
    when: "one in twenty does",
    series: transcriptions(1, 19),
    quietAtMinutes: [30, 90],
  },
  {
    alert: "TranscriptionsFail",
    when: "the only one of half an hour does",
    series: {
      'transcription_jobs_total{job="gpu-worker", outcome="failed"}': "0x9 1x60",
    },
    quietAtMinutes: [12, 20, 40],
  },
  {
    alert: "TrafficDropped",
    when: "two thirds of last week's requests do not come",
    series: aWeekAgoAndNow(6, 2),
    stepMinutes: 60,
    firesAtMinute: aWeek + 120,
    notices: [{ labels: { job: "api" }, summary: "api is asked 33.33% of what it was a week ago" }],
  },
  {
    alert: "TrafficDropped",
    when: "a third of them do not, or there were hardly any last week",
    series: {
      ...aWeekAgoAndNow(6, 4),
      'job:http_requests:rate5m{job="web"}': "0.9x167 0.1x5",
    },
    stepMinutes: 60,
    quietAtMinutes: [aWeek + 120, aWeek + 240],
  },
  {
    alert: "TrafficSurged",
    when: "four times as many come as last week",
    series: aWeekAgoAndNow(2, 8),
    stepMinutes: 60,
    firesAtMinute: aWeek + 120,
    notices: [{ labels: { job: "api" }, summary: "api is asked 400% of what it was a week ago" }],
  },
  {
    alert: "TrafficSurged",
    when: "twice as many come, or many times as many of next to none",
    series: {
      ...aWeekAgoAndNow(2, 4),
      'job:http_requests:rate5m{job="web"}': "0.1x167 4x5",
    },
    stepMinutes: 60,
    quietAtMinutes: [aWeek + 120, aWeek + 240],
  },
];
